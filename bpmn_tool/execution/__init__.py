"""Cases executed on SpiffWorkflow: specs built from a Model, messages between pools, a simulated clock, stories."""
