"""A made-up study with all that a report shows; its numbers are drawn by a fixed rule and mean nothing."""

import math
from collections.abc import Sequence

from bpmn_tool.errors import Location
from bpmn_tool.results.execution import Coverage, StoryResult
from bpmn_tool.results.finding import Finding, Severity
from bpmn_tool.results.summary import (
    ActivityResult,
    Counts,
    Estimate,
    HandoffResult,
    KpiComparison,
    KpiResult,
    Parameter,
    RoleResult,
    ScenarioResult,
    SeriesResult,
    StudyResult,
    Survival,
    UndefinedResult,
    Unit,
    VariantComparison,
    Verdict,
)
from bpmn_tool.results.trace import Cause

DAY = 86400.0
ROLES = (
    ("prevention_officer", "Prevention coordinator (municipal officer)"),
    ("mayor", "Mayor"),
    ("police_io", "Chief of police / information officer"),
    ("social_service", "OCMW social service"),
    ("online_outreach", "Online outreach worker"),
    ("care_centre", "Centre for general welfare work"),
)
TASKS = (
    ("receive_signal", "Receive, log and thank the reporter", "prevention_officer"),
    ("clarify_signal", "Split facts from impressions, ask the reporter for context", "prevention_officer"),
    ("case_consultation", "Case consultation", "mayor"),
    ("first_talk", "First talk with the person (and parents)", "care_centre"),
    ("online_contact", "Open contact online", "online_outreach"),
)


def estimate(mean: float, spread: float = 0.05, n: int = 40) -> Estimate:
    return Estimate(mean=mean, half_width=abs(mean) * spread, n=n)


def survival(mean_days: float, never: float, n: int = 1200) -> Survival:
    reached = round(n * (1 - never))
    seconds = tuple(-mean_days * DAY * math.log(1 - (i + 0.5) / reached) for i in range(reached))
    waiting = tuple(1 - (i + 1) / n for i in range(reached))

    def quantile(p: float) -> float | None:
        return next((t for t, w in zip(seconds, waiting, strict=True) if w <= 1 - p), None)

    stuck = round((n - reached) * 0.7)
    return Survival(
        seconds=(0.0, *seconds),
        waiting=(1.0, *waiting),
        p50=quantile(0.5),
        p90=quantile(0.9),
        n=n,
        reached=reached,
        never=stuck,
        censored=n - reached - stuck,
    )


def time_kpi(id: str, name: str, days: float, never: float) -> KpiResult:
    return KpiResult(
        id=id,
        name={"en": name},
        unit=Unit.SECONDS,
        better="lower",
        estimate=estimate(days * DAY * (1 - never) + never * 365 * DAY),
        limit_s=365 * DAY,
        within_s=30 * DAY,
        within=estimate((1 - math.exp(-30 / days)) * (1 - never), 0.04),
        reached=estimate(1 - never, 0.02),
        finished_mean=estimate(days * DAY),
        survival=survival(days, never),
    )


def kpis(factor: float, never: float) -> dict[str, KpiResult]:
    rows = (
        time_kpi("first_contact", "Time to first human contact", 48 * factor, never),
        KpiResult(
            id="wrong_files",
            name={"en": "Files wrongly opened"},
            unit=Unit.SHARE,
            better="lower",
            estimate=estimate(0.22 / factor, 0.2),
        ),
        KpiResult(
            id="missed",
            name={"en": "People never reached"},
            unit=Unit.SHARE,
            better="lower",
            estimate=estimate(0.31 * factor, 0.04),
        ),
        KpiResult(
            id="exposure",
            name={"en": "Organisations that hold personal data"},
            unit=Unit.PARTNERS,
            better="lower",
            estimate=estimate(3.4),
        ),
        time_kpi("cycle_time", "Time from arrival to the end of the case", 130 * factor, 0.05),
        KpiResult(id="cost", name={"en": "Cost"}, unit=Unit.MONEY, better="lower", estimate=estimate(1840 * factor)),
    )
    return {row.id: row for row in rows}


def series(id: str, level: float) -> SeriesResult:
    days = tuple(range(0, 731, 10))
    median = [level * (1 - math.exp(-day / 200)) + 0.1 * level * math.sin(day / 40) * (day > 0) for day in days]
    return SeriesResult(
        id=id,
        days=tuple(map(float, days)),
        median=tuple(max(0.0, m) for m in median),
        low=tuple(max(0.0, m * 0.7) for m in median),
        high=tuple(max(0.0, m * 1.35) for m in median),
    )


def causes(total: float, undefined: float = 0.0) -> dict[Cause, float]:
    return {
        Cause.BATCHING: 0.5 * total,
        Cause.UNAVAILABILITY: 0.2 * total,
        Cause.PRIORITY: 0.05 * total,
        Cause.CONTENTION: 0.25 * total,
        Cause.UNDEFINED: undefined,
    }


def scenario(name: str, factor: float, never: float, undefined: Sequence[UndefinedResult] = ()) -> ScenarioResult:
    roles = {
        id: RoleResult(
            id=id,
            name=label,
            count=0 if undefined and id == "online_outreach" else 2,
            utilisation=Estimate(mean=None, half_width=None)
            if undefined and id == "online_outreach"
            else estimate(min(0.97, 0.2 + 0.13 * index) * factor**0.3, 0.03, 40),
            queue=estimate(3.2 * factor / (index + 1), 0.1),
            waiting_total_s=900 * DAY * factor / (index + 1),
            hours_per_week=12.5 / (index + 1),
            causes_s=causes(
                900 * DAY * factor / (index + 1), 5000 * DAY if undefined and id == "online_outreach" else 0.0
            ),
        )
        for index, (id, label) in enumerate(ROLES)
    }
    activities = {
        id: ActivityResult(
            id=id,
            name=label,
            role=role,
            count=120.0,
            waiting_total_s=300 * DAY * factor * (index + 1),
            waiting_mean_s=2.5 * DAY * factor * (index + 1),
            processing_total_s=120 * 3600.0,
            processing_mean_s=3600.0,
            causes_s=causes(300 * DAY * factor * (index + 1)),
        )
        for index, (id, label, role) in enumerate(TASKS)
    }
    handoffs = {
        "referral_sent": HandoffResult(
            id="referral_sent",
            name="Warm referral",
            source="prevention_officer",
            target="care_centre",
            sent=62.4,
            accepted=40.1,
            declined=9.9,
            lost=8.2,
            late=11.0,
            withdrawn=1.2,
            open=3.0,
            bounces=4.1,
            waiting_mean_s=9 * DAY * factor,
            waiting_total_s=520 * DAY * factor,
        ),
        "invitation": HandoffResult(
            id="invitation",
            name="Invitation to the table",
            source="prevention_officer",
            target="mayor",
            sent=80.0,
            accepted=80.0,
            declined=0,
            lost=0,
            late=0,
            withdrawn=0,
            open=0,
            bounces=0,
            waiting_mean_s=21 * DAY * factor,
            waiting_total_s=1680 * DAY * factor,
        ),
        "ask_police": HandoffResult(
            id="ask_police",
            name="Known to the police?",
            source="prevention_officer",
            target="police_io",
            sent=101.0,
            accepted=97.0,
            declined=2.0,
            lost=1.0,
            late=4.0,
            withdrawn=0,
            open=1.0,
            bounces=0.2,
            waiting_mean_s=4 * DAY * factor,
            waiting_total_s=404 * DAY * factor,
        ),
    }
    return ScenarioResult(
        name=name,
        path=f"simulations/made_up/{name}.toml",
        engine="simpy",
        seed=1,
        replications=40,
        counts=Counts(
            demand=240.0,
            missed=74.5 * factor,
            arrived=165.5,
            duplicates=6.2,
            completed=120.0,
            open=25.3,
            stuck=20.2 * bool(undefined),
            failed=0.0,
        ),
        kpis=kpis(factor, never),
        activities=activities,
        roles=roles,
        handoffs=handoffs,
        undefined=tuple(undefined),
        flows={"referral_sent": 62.4},
        ends={"closed": 100.0},
        series={
            "open_cases": series("open_cases", 40 * factor),
            "queue:mayor": series("queue:mayor", 6 * factor),
            "queue:prevention_officer": series("queue:prevention_officer", 9 * factor),
        },
        bounds={"first_contact": {"absent": estimate(90 * DAY), "unlimited": estimate(41 * DAY)}} if undefined else {},
        warnings=("Load on “Mayor” is 0.97 of its capacity.",),
        provenance={"plan": "3f2a" * 16},
    )


def comparison(name: str, base: ScenarioResult, variant: ScenarioResult) -> VariantComparison:
    verdicts = {
        "first_contact": Verdict.BETTER,
        "wrong_files": Verdict.WORSE,
        "missed": Verdict.BETTER,
        "exposure": Verdict.NO_DIFFERENCE,
    }
    rows = {}
    for kpi, verdict in verdicts.items():
        before, after = base.kpis[kpi].estimate, variant.kpis[kpi].estimate
        gap = (after.mean or 0.0) - (before.mean or 0.0)
        rows[kpi] = KpiComparison(
            kpi=kpi,
            baseline=before,
            variant=after,
            difference=Estimate(mean=gap, half_width=abs(gap) * 0.2 + 0.001, n=40),
            p_value=0.001,
            verdict=verdict,
            variance_ratio=3.1,
        )
    return VariantComparison(name=name, kpis=rows, steps=34, paired=29, cases=9600, cases_paired=9600)


PARAMETERS = (
    Parameter(
        path="demand.person_in_need.rate",
        value="120 per year",
        status="assumed",
        low="60 per year",
        high="240 per year",
        source="5.2",
    ),
    Parameter(path="tasks.clarify_signal.duration", value="triangular PT1H, PT2H, PT4H", status="assumed"),
    Parameter(path="gates.livcr.every", value="P6W", status="sourced", low="P4W", high="P13W", source="S29"),
    Parameter(path="flows.urgent", value="0.08", status="measured", source="n = 31, 2025"),
    Parameter(path="roles.prevention_officer.count", value="2", status="unstated"),
)


def study(
    *,
    names: tuple[str, str] = ("AS-IS: local P/CVE workflow", "TO-BE: integrated hub"),
    question: str = "Which workflow brings a signal to a first human contact soonest, without wrongly opened files?",
) -> StudyResult:
    base = scenario(
        names[0],
        1.0,
        0.2,
        (
            UndefinedResult(
                element="online_contact",
                name="Open contact online",
                role="Online outreach worker",
                stuck=18.4,
                reached=18.4,
            ),
            UndefinedResult(
                element="feedback",
                name="Tell the reporter what became of it",
                role="Reporter desk",
                stuck=1.8,
                reached=20.0,
            ),
        ),
    )
    variant = scenario(names[1], 0.6, 0.04)
    return StudyResult(
        name="Bridging online signals",
        question=question,
        scenarios=(base, variant),
        comparisons=(comparison(names[1], base, variant),),
        verdict_kpis=("first_contact", "wrong_files", "missed", "exposure"),
        findings={
            names[0]: (
                Finding(
                    rule="undefined-role",
                    severity=Severity.ERROR,
                    message="'Open contact online' is in a lane with no role in the register",
                    element="online_contact",
                    location=Location(path="processes/as_is/local_pcve.bpmn", line=42),
                ),
                Finding(
                    rule="handoff-without-acceptance",
                    severity=Severity.WARNING,
                    message="nobody confirms 'Warm referral'",
                    element="referral_sent",
                    location=Location(path="processes/as_is/local_pcve.bpmn", line=77),
                ),
            ),
            names[1]: (),
        },
        stories=(
            StoryResult(name="Happy path", path="processes/stories/local_pcve/happy.toml", passed=True),
            StoryResult(
                name="Urgent signal at night",
                path="processes/stories/local_pcve/urgent.toml",
                passed=False,
                message="expected 'inform_police' after 'clarify_signal'",
            ),
        ),
        coverage=(
            Coverage(
                path="processes/as_is/local_pcve.bpmn",
                nodes=60,
                nodes_covered=51,
                flows=70,
                flows_covered=55,
                missed=("aftercare",),
            ),
        ),
        parameters={names[0]: PARAMETERS, names[1]: PARAMETERS[:3]},
        time_zone="Europe/Brussels",
        provenance={"bpmn-tool": "0.1.0", "semantics": 1, "seed": 1, "python": "3.11.7", "tzdata": "2026.1"},
    )
