"""The command as people start it: a process of its own."""

import os
import subprocess
import sys

import pytest

HEAVY = {"SpiffWorkflow", "babel", "lxml", "matplotlib", "networkx", "numpy", "pydantic", "rich", "scipy", "simpy"}


def python(*words, **environment):
    return subprocess.run(
        [sys.executable, *words],
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        env={**os.environ, "LC_ALL": "C", **environment},
    )


#: typer itself looks whether pydantic's types are asked for, once a verb has options
OF_TYPER = {"pydantic"}


@pytest.mark.parametrize(("words", "allowed"), [(["--help"], set()), (["check", "--help"], OF_TYPER)])
def test_nothing_heavy_is_imported_to_answer_at_once(words, allowed):
    script = (
        "import sys; from bpmn_tool.cli import main; main(sys.argv[1:]); "
        "print(*{name.partition('.')[0] for name in sys.modules}, file=sys.stderr)"
    )
    ended = python("-c", script, *words)
    assert ended.returncode == 0
    assert (HEAVY - allowed) & set(ended.stderr.split()) == set()


def test_module_and_command_are_the_same():
    assert python("-m", "bpmn_tool", "--version").stdout.startswith("bpmn-tool ")


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
def test_a_name_in_another_script_does_not_end_a_command_in_an_old_terminal(encoding):
    script = "from bpmn_tool.cli.frame import run; run(['--version']); print('\\u041c')"
    ended = python("-c", script, PYTHONIOENCODING=encoding, PYTHONUTF8="0")
    assert (ended.returncode, ended.stdout.splitlines()[-1]) == (0, "\\u041c")


def test_a_closed_pipe_ends_quietly():
    script = (
        "import sys, types; m = types.ModuleType('m'); m.command = lambda: print('x' * 10_000_000); "
        "sys.modules['bpmn_tool.cli.show'] = m; from bpmn_tool.cli import main; sys.exit(main(['show']))"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.read(1)
        process.stdout.close()
        complaint = process.stderr.read()
    assert (process.returncode, complaint) == (141, "")
