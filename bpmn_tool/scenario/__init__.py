"""Scenarios, studies, KPIs and stories as data: what people write, read into frozen tables. No file is opened here."""
