import pytest

from bpmn_tool.cli.next_steps import next_steps


def commands(folder):
    return [command for command, _why in next_steps(folder)[1]]


def touch(folder, *names):
    for name in names:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()


def test_an_empty_folder(tmp_path):
    assert commands(tmp_path)[0] == "bpmn-tool study"


def test_a_model_without_a_study(tmp_path):
    touch(tmp_path, "my model.bpmn")
    assert commands(tmp_path) == [
        "bpmn-tool show 'my model.bpmn'",
        "bpmn-tool check 'my model.bpmn'",
        "bpmn-tool init 'my model.bpmn' -o my-study",
    ]


def test_a_project_with_a_study(tmp_path):
    touch(tmp_path, "processes/as_is/a.bpmn", "simulations/b/study.toml", "simulations/a/study.toml")
    assert commands(tmp_path) == [
        "bpmn-tool study simulations/a/study.toml",
        "bpmn-tool check processes",
        "bpmn-tool test processes",
    ]


def test_hidden_and_deep_folders_are_left_alone(tmp_path):
    touch(tmp_path, ".venv/x.bpmn", "a/b/c/d/x.bpmn", "node_modules/x.bpmn")
    assert commands(tmp_path)[0] == "bpmn-tool study"


def test_a_name_cannot_steer_the_terminal(tmp_path, monkeypatch, cli):
    touch(tmp_path, "a\x1b[31m[bold].bpmn")
    monkeypatch.chdir(tmp_path)
    ended = cli()
    assert ended.code == 0
    assert "\x1b" not in ended.out
    assert "[bold].bpmn" in ended.out


@pytest.mark.parametrize("names", [[], ["a.bpmn"], ["a.bpmn", "study.toml"]])
def test_three_steps(tmp_path, names):
    touch(tmp_path, *names)
    assert len(commands(tmp_path)) == 3
