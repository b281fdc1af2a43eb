"""What Alembic runs to bring the tables up to date, in the transaction that `engine.records.database` has begun."""

from alembic import context

context.configure(connection=context.config.attributes["connection"])
context.run_migrations()
