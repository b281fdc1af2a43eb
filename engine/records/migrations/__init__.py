"""How the tables of `engine.records.tables` came to be; `engine.records.database` runs what is missing."""
