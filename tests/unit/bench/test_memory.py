"""Reading /proc."""

from __future__ import annotations

import os

import pytest

from bench import memory
from bench.memory import WorldMemory, by_depth, of_world, parent, pss_mb

# Linux 6.12, shortened.
ROLLUP = """\
55f0c9a5e000-7ffd3b9f4000 ---p 00000000 00:00 0                          [rollup]
Rss:              107150 kB
Pss:               88781 kB
Pss_Dirty:         79000 kB
Pss_Anon:          78900 kB
Shared_Clean:      20344 kB
"""


def test_the_proportional_set_size_is_read_in_mb() -> None:
    assert pss_mb(ROLLUP) == 88781 / 1024


@pytest.mark.parametrize("name", ["python", "a b", "S 1 2)", "(((", ") R 7"])
def test_a_parent_is_found_behind_any_name(name: str) -> None:
    assert parent(f"123 ({name}) S 45 123 123 0 -1 4194560 20 0\n") == 45


def test_a_tree_is_walked_with_the_depth_of_each_process() -> None:
    parents = {1: 0, 10: 1, 11: 10, 12: 10, 13: 12, 20: 1, 21: 20}
    assert dict(by_depth(10, parents)) == {10: 0, 11: 1, 12: 1, 13: 2}


def test_the_memory_of_a_world_is_that_of_all_its_processes() -> None:
    assert WorldMemory(world=1.0, engine=2.0, functions=4.0).total == 7.0


@pytest.mark.skipif(not memory.AVAILABLE, reason="only Linux tells")
def test_this_process_has_memory_of_its_own() -> None:
    assert of_world(os.getpid()).world > 1.0
