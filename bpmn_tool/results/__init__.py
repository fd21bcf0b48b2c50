"""What checks, runs and simulations come to: frozen data, and pure functions that read it off a trace."""
