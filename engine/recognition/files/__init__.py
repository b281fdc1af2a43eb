"""Pictures and recordings as files, any number of them: an answer each, on as many cores as wanted."""
