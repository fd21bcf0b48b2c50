"use strict";
(function () {
  var data = JSON.parse(document.getElementById("data").textContent);
  var form = document.getElementById("answers");
  var progress = document.getElementById("progress");
  var message = document.getElementById("message");
  var saved = false;

  function chosen(step) {
    var found = step.querySelector("input[type=radio]:checked");
    return found ? found.value : "";
  }

  function show() {
    var steps = form.querySelectorAll("fieldset.step");
    var count = 0;
    steps.forEach(function (step) {
      var verdict = chosen(step);
      if (verdict) count += 1;
      step.querySelector(".reason").hidden = verdict !== "contest" && verdict !== "not-my-task";
      step.classList.toggle("done", verdict !== "");
    });
    progress.textContent = count + " / " + steps.length;
    document.getElementById("bar").value = count;
  }

  function tell(id, bad) {
    message.textContent = document.getElementById(id).textContent;
    message.className = bad ? "bad" : "good";
  }

  function id() {
    var bytes = crypto.getRandomValues(new Uint8Array(16));
    return Array.from(bytes, function (b) { return b.toString(16).padStart(2, "0"); }).join("");
  }

  function save(event) {
    event.preventDefault();
    var answers = [];
    var missing = null;
    form.querySelectorAll("fieldset.step").forEach(function (step) {
      var verdict = chosen(step);
      var area = step.querySelector("textarea");
      var reason = verdict === "accept" ? "" : area.value.trim();
      var lacks = verdict === "contest" && !reason;
      step.querySelector(".wanted").hidden = !lacks;
      area.setAttribute("aria-invalid", lacks ? "true" : "false");
      if (lacks && !missing) missing = area;
      if (verdict) {
        var asked = data.steps[Number(step.dataset.index)];
        answers.push({
          step: asked.step, model: asked.model, hash: asked.hash,
          verdict: verdict, reason: reason, facts: asked.facts
        });
      }
    });
    if (missing) { tell("say-reason", true); missing.focus(); return; }
    if (!answers.length) { tell("say-none", true); form.querySelector("input[type=radio]").focus(); return; }
    var answer = {
      schema: data.form, id: id(), partner: data.partner,
      name: document.getElementById("name").value.trim(), date: new Date().toISOString(), steps: answers
    };
    var link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([JSON.stringify(answer, null, 1)], { type: "application/json" }));
    link.download = "answer.json";
    document.body.appendChild(link);
    link.click();
    link.remove();
    setTimeout(function () { URL.revokeObjectURL(link.href); }, 60000);
    saved = true;
    tell("say-saved", false);
  }

  form.addEventListener("change", function () {
    show();
    if (saved) { saved = false; tell("say-changed", true); }
  });
  form.addEventListener("submit", save);
  document.querySelectorAll("details.drawing").forEach(function (details) {
    details.addEventListener("toggle", function () {
      var frame = details.querySelector(".frame");
      var first = frame.querySelector("[data-element='" + CSS.escape(details.dataset.first) + "']");
      if (!details.open || !first) return;
      var there = first.getBoundingClientRect();
      var here = frame.getBoundingClientRect();
      frame.scrollTo(
        frame.scrollLeft + there.x - here.x - (here.width - there.width) / 2,
        frame.scrollTop + there.y - here.y - (here.height - there.height) / 2
      );
    });
  });
  document.documentElement.classList.add("live");
  show();
})();
