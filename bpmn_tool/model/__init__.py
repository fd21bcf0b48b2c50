"""BPMN as data, its graph, and THE control flow: net.py says what nodes do with tokens, tokens.py what may happen."""
