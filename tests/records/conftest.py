"""Databases that tests of people's records work on."""

import pytest
from kept_people import postgresql
from sqlalchemy import create_engine, text

from engine.records import database


@pytest.fixture(scope="session")
def server():
    """A PostgreSQL server, for all tests of this process."""
    with postgresql() as address:
        yield address


@pytest.fixture(params=["SQLite", "PostgreSQL"])
def either(request, monkeypatch):
    """A new, empty database of either kind; returns its kind."""
    if request.param == "PostgreSQL":
        address = request.getfixturevalue("server")
        with create_engine(address.replace("://", "+psycopg://")).begin() as connection:
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
        monkeypatch.setenv("NEUROMER_DATABASE_URL", address)
    database.close()
    yield request.param
    database.close()


@pytest.fixture(autouse=True)
def closed():
    """Let go of the database after each test."""
    yield
    database.close()
