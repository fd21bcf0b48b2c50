"""Files in and out: BPMN and its diagrams, registers, scenarios, logs. The only room that touches lxml."""
