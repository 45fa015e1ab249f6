"""Jobs in turn: no host has more than its share, and none waits for another."""

from __future__ import annotations

from threading import Thread

from hubkit.links.schedule import Schedule


def test_a_host_has_no_more_jobs_than_it_may() -> None:
    schedule: Schedule[int] = Schedule(2, 0)
    for number in range(3):
        schedule.put("a", number)
    schedule.put("b", 9)
    assert [schedule.take() for _ in range(3)] == [("a", 0), ("b", 9), ("a", 1)]
    late: list[tuple[str, int] | None] = []
    thread = Thread(target=lambda: late.append(schedule.take()))
    thread.start()
    assert late == []
    schedule.done("a")
    thread.join(timeout=10)
    assert late == [("a", 2)]


def test_a_host_that_is_paused_does_not_hold_up_others() -> None:
    schedule: Schedule[int] = Schedule(10, 3600)
    schedule.put("a", 1)
    schedule.put("a", 2)  # an hour later
    schedule.pause("b", 3600)
    schedule.put("b", 3)
    schedule.put("c", 4, delay=3600)
    schedule.put("d", 5)
    schedule.put("e", 6, delay=0.01)
    assert [schedule.take() for _ in range(3)] == [("a", 1), ("d", 5), ("e", 6)]


def test_threads_that_wait_end_when_it_is_closed() -> None:
    schedule: Schedule[int] = Schedule(1, 0)
    threads = [Thread(target=schedule.take, daemon=True) for _ in range(4)]
    for thread in threads:
        thread.start()
    schedule.close()
    for thread in threads:
        thread.join(timeout=10)
    assert not any(thread.is_alive() for thread in threads)


def test_a_host_that_was_not_asked_need_not_be_spared() -> None:
    schedule: Schedule[int] = Schedule(1, 3600)
    for number in range(3):
        schedule.put("a", number)
    for number in range(3):
        assert schedule.take() == ("a", number)
        schedule.done("a", asked=False)
