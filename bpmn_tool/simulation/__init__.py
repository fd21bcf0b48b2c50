"""From a plan to replications: planning*.py join, engine_simpy.py runs, kpis.py measures, summarise.py combines."""
