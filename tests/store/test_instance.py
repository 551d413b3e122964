"""An installation has one number, drawn once."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from intake.store import instance
from intake.store.instance import Instance


def test_the_number_is_drawn_once_and_stays(engine):
    with engine.begin() as connection:
        first = instance.number(connection)
    with engine.begin() as connection:
        assert instance.number(connection) == first


def test_of_two_that_draw_at_once_the_first_stands(engine):
    def draw(_number):
        with engine.begin() as connection:
            return instance.number(connection)

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(draw, range(8)))) == 1


def test_there_is_no_second_installation_in_a_database(engine, session, make):
    make.patient()
    first = session.execute(sa.select(Instance.number)).scalar_one()
    session.rollback()
    with pytest.raises(sa.exc.IntegrityError), engine.begin() as connection:
        connection.execute(sa.insert(Instance).values(id=2, number=first))
