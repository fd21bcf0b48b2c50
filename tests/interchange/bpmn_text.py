"""BPMN text for tests: a whole file around a body."""


def definitions(body: str, head: str = "") -> str:
    """A file with the usual prefixes; `body` stands on its line 5."""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:bpmndi="http://www.omg.org/spec/BPMN/20100524/DI"
  xmlns:dc="http://www.omg.org/spec/DD/20100524/DC" xmlns:di="http://www.omg.org/spec/DD/20100524/DI"
  xmlns:tns="urn:test" {head} id="D" targetNamespace="urn:test">
{body}
</definitions>"""
