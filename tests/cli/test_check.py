import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from bpmn_tool.checks import Rule, Violation
from bpmn_tool.cli.findings import most_important_first
from bpmn_tool.errors import Location
from bpmn_tool.results.finding import Finding, Severity

FIXTURES = Path(__file__).parents[1] / "checks" / "rules"
VALID = FIXTURES / "undefined-role" / "valid_lane.bpmn"
WARNS = FIXTURES / "undefined-role" / "invalid_stated_undefined.bpmn"
FAILS = FIXTURES / "undefined-role" / "invalid_in_no_lane.bpmn"
REGISTER = FIXTURES / "undefined-role" / "partners.toml"


@pytest.fixture
def project(tmp_path, monkeypatch):
    """A project in the current folder: two models in processes/as_is, the register in processes."""
    models = tmp_path / "processes" / "as_is"
    models.mkdir(parents=True)
    (tmp_path / "bpmn-tool.toml").write_text("", encoding="utf-8")
    shutil.copy(WARNS, models / "warns.bpmn")
    shutil.copy(VALID, models / "valid.bpmn")
    shutil.copy(REGISTER, tmp_path / "processes" / "partners.toml")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def settings(project: Path, text: str) -> None:
    (project / "bpmn-tool.toml").write_text(f"[check]\n{text}\n", encoding="utf-8")


def document(ended) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(ended.out)
    return found


# -- the shipped processes


def test_our_own_processes_have_no_errors(cli, root, monkeypatch):
    monkeypatch.chdir(root)
    ended = cli("check", "processes")
    assert (ended.code, ended.err) == (0, "")
    assert "2 models checked: 0 errors" in ended.out


def test_the_gaps_of_today_are_found_by_name(cli, root, monkeypatch):
    monkeypatch.chdir(root)
    found = document(cli("check", "processes/as_is", "--json"))["findings"]
    by_rule = {rule: {f["element"] for f in found if f["rule"] == rule} for rule in {f["rule"] for f in found}}
    assert by_rule["undefined-role"] == {"mentor_support"}
    assert "referral_sent" in by_rule["handoff-without-acceptance"]
    assert by_rule["silent-partner"] == {"public_prosecutor"}


def test_the_hub_confirms_referrals(cli, root, monkeypatch):
    monkeypatch.chdir(root)
    found = document(cli("check", "processes/to_be", "--select", "handoff-without-acceptance", "--json"))["findings"]
    assert "referral_sent" not in {f["element"] for f in found}


# -- exit codes


@pytest.mark.parametrize(
    ("path", "options", "code"),
    [
        (VALID, [], 0),
        (WARNS, [], 0),
        (WARNS, ["--strict"], 1),
        (VALID, ["--strict"], 0),
        (FAILS, [], 1),
        (FAILS, ["--ignore", "undefined-role"], 0),
        (FAILS, ["--select", "no-disconnected"], 0),
        (FAILS, ["--select", "undefined-role,no-disconnected"], 1),
    ],
)
def test_exit_code(cli, path, options, code):
    ended = cli("check", path, "--register", REGISTER, *options)
    assert (ended.code, ended.err) == (code, "")


def test_infos_do_not_count_even_when_strict(cli):
    ended = cli("check", VALID, "--register", REGISTER, "--strict", "--json")
    assert document(ended)["counts"] == {"error": 0, "warning": 0, "info": 2}
    assert ended.code == 0


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (["none.bpmn"], "none.bpmn: error: there is no such file or folder"),
        ([VALID, "--select", "undefined-rol"], "did you mean 'undefined-role'?"),
        ([VALID, "--profile", "hospital"], "there is no profile 'hospital'; there is basic, public-authority"),
        ([VALID, "--register", "none.toml"], "none.toml: error:"),
        ([REGISTER], "partners.toml:1: error:"),
    ],
)
def test_what_cannot_be_checked_exits_2_and_says_why(cli, words, complaint):
    ended = cli("check", *words)
    assert (ended.code, ended.out) == (2, "")
    assert complaint in ended.err
    assert "Traceback" not in ended.err


def test_a_folder_without_models_is_refused(cli, tmp_path):
    ended = cli("check", tmp_path)
    assert (ended.code, ended.err) == (2, f"{tmp_path}: error: holds no *.bpmn file\n")


def test_problems_of_all_files_are_told_at_once(cli, tmp_path):
    for name in ("a.bpmn", "b.bpmn"):
        (tmp_path / name).write_text("<no", encoding="utf-8")
    assert [line.split(":")[0] for line in cli("check", tmp_path).err.splitlines()] == [
        str(tmp_path / "a.bpmn"),
        str(tmp_path / "b.bpmn"),
    ]


def test_a_file_that_cannot_be_opened_does_not_hide_the_others(cli, tmp_path):
    (tmp_path / "a.bpmn").symlink_to(tmp_path / "gone")
    (tmp_path / "b.bpmn").write_text("<no", encoding="utf-8")
    ended = cli("check", tmp_path)
    assert ended.code == 2
    assert [line.split(":")[0][-6:] for line in ended.err.splitlines()] == ["a.bpmn", "b.bpmn"]


def test_a_file_that_cannot_be_read_does_not_keep_the_others_from_being_checked(cli, tmp_path):
    (tmp_path / "a.bpmn").write_text("<no", encoding="utf-8")
    write(tmp_path / "b.bpmn", '<task id="t" name="Alone" />')
    ended = cli("check", tmp_path)
    assert (ended.code, ended.err.count("a.bpmn:1: error:")) == (2, 1)
    assert "error[no-disconnected] 'Alone'" in ended.out
    assert "1 file cannot be read and is not checked" in ended.out


def test_json_has_the_findings_and_the_errors_of_a_folder_that_is_read_in_part(cli, tmp_path):
    (tmp_path / "a.bpmn").write_text("<no", encoding="utf-8")
    write(tmp_path / "b.bpmn", '<task id="t" name="Alone" />')
    ended = cli("check", tmp_path, "--json")
    document = json.loads(ended.out)
    assert ended.code == 2
    assert [each["path"] for each in document["errors"]] == [str(tmp_path / "a.bpmn")]
    assert "no-disconnected" in {each["rule"] for each in document["findings"]}


def test_what_is_asked_of_all_models_is_not_asked_of_some(cli, project):
    rules = ("--select", "unused-role,undefined-role", "--register", REGISTER)
    assert "unused-role" in cli("check", project, *rules).out
    (project / "broken.bpmn").write_text("<no", encoding="utf-8")
    assert "unused-role" not in cli("check", project, *rules).out


# -- JSON


def test_json_has_the_keys_that_are_promised(cli):
    ended = cli("check", WARNS, "--register", REGISTER, "--json")
    found = document(ended)
    assert list(found) == ["schema", "findings", "ignored", "counts", "models", "not_asked"]
    assert found["schema"] == "bpmn-tool/check/1"
    assert found["models"] == [{"path": str(WARNS), "register": str(REGISTER)}]
    warning = next(f for f in found["findings"] if f["severity"] == "warning")
    assert warning == {
        "rule": "undefined-role",
        "severity": "warning",
        "path": str(WARNS),
        "line": 9,
        "element": "assess",
        "message": warning["message"],
        "witness": ["lane"],
        "not_stated": False,
    }
    assert "nobody does 'Assess signal' yet" in warning["message"]


def test_json_counts_every_finding(cli, root, monkeypatch):
    monkeypatch.chdir(root)
    found = document(cli("check", "processes", "--json"))
    assert sum(found["counts"].values()) == len(found["findings"]) > 10


def test_a_finding_in_the_register_has_its_line(cli):
    found = document(cli("check", VALID, "--register", REGISTER, "--json"))["findings"]
    header = REGISTER.read_text(encoding="utf-8").splitlines().index("[roles.outreach_worker]") + 1
    assert (found[0]["path"], found[0]["line"]) == (str(REGISTER), header)


# -- the terminal


def test_a_finding_stands_above_its_line(cli):
    ended = cli("check", WARNS, "--register", REGISTER, "--select", "undefined-role")
    first, line, empty, *_rest = ended.out.splitlines()
    assert first.startswith(f"{WARNS}:9: warning[undefined-role] nobody does 'Assess signal' yet")
    assert line == '      9 │ <userTask id="assess" name="Assess signal" />'
    assert empty == ""


XOR_AND = """<startEvent id="s" name="Asked" /><exclusiveGateway id="x" /><task id="a" name="Phone" />
<task id="b" name="Write" /><parallelGateway id="j" /><endEvent id="e" />""" + "".join(
    f'<sequenceFlow id="{ends}" sourceRef="{ends[0]}" targetRef="{ends[1]}" />'
    for ends in ("sx", "xa", "xb", "aj", "bj", "je")
)


def test_the_way_to_a_trouble_stands_below_it_by_name(cli, tmp_path):
    write(tmp_path / "stuck.bpmn", XOR_AND)
    ended = cli("check", tmp_path, "--select", "cannot-complete")
    assert "          how: 'Asked' → exclusive gateway x → 'Phone'\n" in ended.out


def test_two_ways_to_the_same_place_are_one_finding(cli, tmp_path):
    write(tmp_path / "stuck.bpmn", XOR_AND)
    ended = cli("check", tmp_path, "--select", "cannot-complete")
    assert ended.out.count("error[cannot-complete]") == 1
    assert "; 1 other way leads there too\n" in ended.out


def test_ten_are_shown_and_the_rest_is_counted(cli, tmp_path):
    tasks = "".join(f'<task id="t{n}" />' for n in range(14))
    write(tmp_path / "many.bpmn", f'<startEvent id="s" /><endEvent id="e" />{tasks}')
    ended = cli("check", tmp_path, "--select", "no-disconnected")
    assert ended.out.count("error[no-disconnected]") == 10
    assert "and 6 more (--all shows them): 6 no-disconnected" in ended.out


def test_all_of_them_can_be_shown(cli, tmp_path):
    tasks = "".join(f'<task id="t{n}" />' for n in range(14))
    write(tmp_path / "many.bpmn", tasks)
    assert cli("check", tmp_path, "--select", "no-disconnected", "--all").out.count("error[no-disconnected]") == 14


def test_names_do_not_steer_the_terminal(cli, tmp_path):
    write(tmp_path / "named.bpmn", '<task id="t" name="[/red] &#x202E; bold" />')
    ended = cli("check", tmp_path, "--select", "no-disconnected")
    assert "'[/red] \ufffd bold' is not connected" in ended.out


def test_long_lines_are_cut(cli, tmp_path):
    write(tmp_path / "long.bpmn", f'<task id="t" name="{"x" * 400}" />')
    shown = [line for line in cli("check", tmp_path, "--select", "no-disconnected").out.splitlines() if "│" in line]
    assert [len(line) for line in shown] == [len("      1 │ ") + 160]
    assert shown[0].endswith("…")


def finding(rule: str, severity: Severity, line: int = 1) -> Finding:
    return Finding(rule=rule, severity=severity, message="", location=Location(line=line))


def test_errors_come_first_and_no_rule_crowds_out_the_others():
    roles = [finding("undefined-role", Severity.WARNING, n) for n in range(6)]
    silent, alone = finding("silent-partner", Severity.WARNING), finding("no-disconnected", Severity.ERROR)
    assert most_important_first([*roles, silent, alone]) == [alone, *roles[:4], silent, *roles[4:]]


# -- which files, which register, which settings


def test_folders_are_searched_and_hidden_ones_left_out(cli, project):
    for name in (".hidden", "node_modules"):
        (project / name).mkdir()
        shutil.copy(FAILS, project / name / "fails.bpmn")
    found = document(cli("check", ".", "--json"))
    assert [model["path"] for model in found["models"]] == ["processes/as_is/valid.bpmn", "processes/as_is/warns.bpmn"]


def test_a_file_named_twice_is_checked_once(cli, project):
    found = document(cli("check", "processes/as_is/warns.bpmn", "processes/as_is", "--json"))
    assert len(found["models"]) == 2


def test_the_register_is_found_near_the_models(cli, project):
    ended = cli("check", "processes/as_is")
    assert "Register: processes/partners.toml" in ended.out
    assert "nobody does 'Assess signal' yet" in ended.out


def test_the_register_in_a_folder_called_processes_is_near_a_model_beside_it(cli, project):
    shutil.copy(WARNS, project / "drawing.bpmn")
    assert document(cli("check", "drawing.bpmn", "--json"))["models"][0]["register"] == "processes/partners.toml"


def test_the_search_ends_at_the_root_of_the_project(cli, project):
    inner = project / "inner"
    inner.mkdir()
    (inner / "bpmn-tool.toml").write_text("", encoding="utf-8")
    shutil.copy(WARNS, inner / "drawing.bpmn")
    ended = cli("check", "inner/drawing.bpmn")
    assert "No register found" in ended.out


def test_the_project_may_name_its_register(cli, project):
    shutil.move(project / "processes" / "partners.toml", project / "who.toml")
    settings(project, 'register = "who.toml"')
    assert "Register: who.toml" in cli("check", "processes").out


def test_a_register_outside_of_the_project_is_not_read(cli, project, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside") / "partners.toml"
    shutil.copy(REGISTER, outside)
    settings(project, f"register = '{outside}'")
    ended = cli("check", "processes")
    assert ended.code == 2
    assert "bpmn-tool.toml: error: check.register:" in ended.err


def test_the_command_line_goes_before_the_project(cli, project):
    settings(project, 'ignore = ["undefined-role"]')
    assert "undefined-role" not in cli("check", "processes").out
    assert "undefined-role" in cli("check", "processes", "--select", "undefined-role").out


def test_a_project_may_be_strict(cli, project):
    settings(project, "strict = true")
    assert cli("check", "processes").code == 1


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ('ignore = ["unused-rol"]', "check: there is no rule 'unused-rol'; did you mean 'unused-role'?"),
        ('profile = "hospital"', "check: there is no profile 'hospital'"),
        ('register = "none.toml"', "check.register: there is no file 'none.toml'"),
        ('strict = "yes"', "check.strict:"),
        ('selects = ["unused-role"]', "check.selects:"),
    ],
)
def test_what_is_wrong_in_the_settings_is_told_with_its_key(cli, project, text, complaint):
    settings(project, text)
    ended = cli("check", "processes")
    assert ended.code == 2
    assert f"bpmn-tool.toml: error: {complaint}" in ended.err


# -- a rule that fails


def test_a_rule_that_fails_is_told_and_the_others_run(cli, monkeypatch):
    from importlib import import_module

    def find(_checked):
        yield Violation("assess", "said before it failed")
        raise KeyError("\x1b[31m")

    broken = Rule(name="broken", severity=Severity.INFO, why="", whence="", find=find)
    module = import_module("bpmn_tool.checks.choice")
    monkeypatch.setattr(module, "PROFILES", {"basic": (broken, *module.RULES)})
    ended = cli("check", WARNS, "--register", REGISTER)
    assert ended.code == 1
    assert "error[rule-crashed] the rule 'broken' failed (KeyError:" in ended.out
    assert "warning[undefined-role]" in ended.out
    assert "\x1b" not in ended.out


@pytest.fixture
def stopped_after(monkeypatch):
    """Makes Ctrl-C come when the model after so many is looked at."""
    from importlib import import_module

    def stop(models: int) -> None:
        seen = []

        def find(_checked):
            seen.append(1)
            if len(seen) > models:
                raise KeyboardInterrupt
            yield Violation("t", "looked at")

        rule = Rule(name="looked-at", severity=Severity.INFO, why="", whence="", find=find)
        monkeypatch.setattr(import_module("bpmn_tool.checks.choice"), "PROFILES", {"basic": (rule,)})

    return stop


def test_what_was_checked_before_it_was_stopped_is_shown(cli, tmp_path, stopped_after):
    for name in "abc":
        write(tmp_path / f"{name}.bpmn", '<task id="t" />')
    stopped_after(2)
    ended = cli("check", tmp_path)
    assert (ended.code, ended.out.count("info[looked-at]")) == (130, 2)
    assert "2 models checked" in ended.out
    assert ended.err == "Stopped; 2 of 3 models were checked, and the findings are those of these.\n"


def test_json_says_that_it_was_stopped(cli, tmp_path, stopped_after):
    for name in "ab":
        write(tmp_path / f"{name}.bpmn", '<task id="t" />')
    stopped_after(1)
    ended = cli("check", tmp_path, "--json")
    document = json.loads(ended.out)
    assert ended.code == 130
    assert [Path(each["path"]).name for each in document["models"]] == ["a.bpmn"]
    assert document["errors"][0]["message"].startswith("Stopped; 1 of 2")


def test_nothing_was_checked_before_it_was_stopped(cli, tmp_path, stopped_after):
    write(tmp_path / "a.bpmn", '<task id="t" />')
    stopped_after(0)
    ended = cli("check", tmp_path)
    assert (ended.code, ended.out, ended.err) == (130, "", "Stopped; nothing was kept.\n")


def test_what_is_not_decided_is_told_even_if_it_is_not_among_the_ten(cli, tmp_path):
    tasks = "".join(f'<task id="t{n}" />' for n in range(14))
    write(
        tmp_path / "many.bpmn",
        f'{tasks}<sequenceFlow id="f" sourceRef="t1" targetRef="t2" /><startEvent id="s" />'
        '<sequenceFlow id="g" sourceRef="t2" targetRef="s" />',
    )
    out = cli("check", tmp_path).out
    assert "info[soundness-not-decided]" not in out
    assert "Of 1 model it is not decided whether it is sound" in out


def write(path: Path, nodes: str) -> None:
    namespace = "http://www.omg.org/spec/BPMN/20100524/MODEL"
    text = f'<definitions xmlns="{namespace}" id="d"><process id="p">\n{nodes}\n</process></definitions>'
    path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize("width", [60, 80])
def test_on_a_terminal_a_source_line_is_one_line(cli, tmp_path, monkeypatch, width):
    from rich.console import Console

    for module in ("console", "findings"):
        monkeypatch.setattr(f"bpmn_tool.cli.{module}.console", lambda: Console(width=width, force_terminal=True))
    write(tmp_path / "a.bpmn", f'<task id="t" name="{"long " * 30}" />')
    monkeypatch.chdir(tmp_path)
    lines = cli("check", "a.bpmn", "--select", "no-disconnected").out.splitlines()
    (shown,) = (number for number, line in enumerate(lines) if "│" in line)
    assert lines[shown].endswith("…")
    assert len(lines[shown]) <= width
    assert lines[shown + 1].strip() == ""


def test_an_id_that_the_sentence_names_is_not_said_twice(cli, tmp_path):
    write(tmp_path / "a.bpmn", '<task id="t" /><task id="u" name="Visit" />')
    out = cli("check", tmp_path, "--select", "no-disconnected").out
    assert "'t' is not connected: draw the flows that lead to it and from it, or take it out\n" in out
    assert "'Visit' is not connected: draw the flows that lead to it and from it, or take it out (u)\n" in out
