import bpmn_tool
from bpmn_tool.cli.shipped import shipped


def test_in_a_clone_it_stands_beside_the_package(root):
    assert shipped("bpmn-tool.toml") == root / "bpmn-tool.toml"
    assert shipped("bpmn-tool.toml").is_file()


def test_in_a_wheel_it_stands_inside_the_package(tmp_path, monkeypatch):
    (tmp_path / "shipped").mkdir()
    monkeypatch.setattr(bpmn_tool, "__file__", str(tmp_path / "__init__.py"))
    assert shipped("simulations", "a") == tmp_path / "shipped" / "simulations" / "a"
