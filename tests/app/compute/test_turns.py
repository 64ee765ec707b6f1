"""Turns: short jobs come before long ones, and nobody waits for ever."""

from cliffscape.app.compute.turns import FIRST, QUICK, SHORT, START, TIMES, Turns

# Seconds of a turn: such that the shorter jobs have as many turns at the start as later.
TURN = START / TIMES


class Work:
    """Work of a number of chunks."""

    def __init__(self, name: str, chunks: int, cost: float, seconds: float = TURN) -> None:
        self.name, self.chunks, self.cost, self.seconds = name, chunks, cost, seconds


def training(name: str = "t", chunks: int = 1000) -> Work:
    """A long job, such as a training run or a fine outcome map."""
    return Work(name, chunks, SHORT + 1)


def drag(name: str = "d", chunks: int = 4) -> Work:
    """A short job, such as a pair of runs."""
    return Work(name, chunks, SHORT)


def picture(name: str = "p", chunks: int = 2) -> Work:
    """A first picture."""
    return Work(name, chunks, FIRST)


def kernels(name: str = "k", chunks: int = 2) -> Work:
    """Other quick work, such as the kernels of an outcome map."""
    return Work(name, chunks, QUICK)


class Clock:
    """A clock that moves by the seconds of each turn."""

    seconds = 0.0

    def __call__(self) -> float:
        """The time."""
        return self.seconds


def turns_of(*works: Work, slots: int = 32) -> Turns[Work]:
    """The turns of some jobs."""
    turns = Turns[Work](slots, lambda work: work.cost, Clock())
    for work in works:
        turns.add(work)
    return turns


def take(turns: Turns[Work], count: int) -> str:
    """The names of the jobs that have the next turns."""
    names = ""
    for _ in range(count):
        work = turns.next()
        if work is None:
            break
        names += work.name
        work.chunks -= 1
        assert isinstance(turns.clock, Clock)
        turns.clock.seconds += work.seconds
        turns.end_turn(work.chunks > 0)
    return names


def test_jobs_of_one_length_take_turns() -> None:
    assert take(turns_of(*(training(name, 3) for name in "abc")), 99) == "abcabcabc"
    assert take(turns_of(*(drag(name, 3) for name in "abc")), 99) == "abcabcabc"


def test_a_drag_waits_for_at_most_one_chunk_of_long_work() -> None:
    turns = turns_of(*(training() for _ in range(30)))
    assert take(turns, 50) == "t" * 50
    # Wherever the drag comes in, long work has at most one turn before the drag has its own.
    for chunks in range(1, 2 * TIMES):
        turns.add(drag(chunks=chunks))
        taken = ""
        while taken.count("d") < chunks:
            taken += take(turns, 1)
        assert "tt" not in taken


def test_people_who_always_drag_do_not_stop_long_work() -> None:
    turns = turns_of(training(), *(drag(chunks=1000) for _ in range(20)))
    taken = take(turns, 10 * (TIMES + 1))
    assert taken == ("d" * TIMES + "t") * 10


def test_longer_work_has_a_share_of_the_time_and_not_of_the_turns() -> None:
    """A turn of long work that takes as long as ten of a drag is followed by eighty of them."""
    training, drag = Work("t", 1000, SHORT + 1, 10 * TURN), Work("d", 1000, SHORT)
    assert take(turns_of(training, drag), 90) == "d" * TIMES + "t" + "d" * 10 * TIMES + "t"


def test_first_pictures_come_before_fine_ones_which_still_end() -> None:
    turns = turns_of(drag("d", 100), picture("p"), drag("e", 100), picture("q"))
    assert take(turns, 8) == "ppqqdede"
    # Somebody always opens the page.
    turns = turns_of(training(), drag(chunks=1000), picture(chunks=1000))
    assert take(turns, (TIMES + 1) ** 2) == ("p" * TIMES + "d") * TIMES + "p" * TIMES + "t"


def test_quick_jobs_end_one_after_the_other() -> None:
    """With turns a hundred people would all wait as long as the last one."""
    assert take(turns_of(*(picture(name, 3) for name in "abc")), 99) == "aaabbbccc"
    assert take(turns_of(*(kernels(name, 3) for name in "abc")), 99) == "aaabbbccc"


def test_long_jobs_of_a_group_end_one_after_the_other_and_share_a_turn() -> None:
    """With turns all parts of a frame would end together, and its actor would wait for further ones."""
    parts = [training(name, 3) for name in "abc"]
    turns = turns_of(*parts)
    turns.group = lambda work: "frame" if work in parts else ""
    assert take(turns, 2) == "aa"
    turns.add(training("t", 4))
    assert take(turns, 99) == "abtbtbctctc"


def test_a_first_picture_comes_before_other_quick_work_which_still_ends() -> None:
    turns = turns_of(kernels("k", 3))
    assert take(turns, 1) == "k"
    turns.add(picture("p", 2))
    assert take(turns, 4) == "ppkk"
    # Somebody always asks for a first picture.
    turns = turns_of(kernels(chunks=1000), picture(chunks=1000))
    assert take(turns, 2 * (TIMES + 1)) == ("p" * TIMES + "k") * 2


def test_a_job_is_as_long_as_its_current_part() -> None:
    work, other = drag("a"), training("b")
    turns = turns_of(other, work)
    assert take(turns, 2) == "aa"
    work.cost = SHORT + 1
    assert take(turns, 4) == "abab"


def test_further_long_jobs_wait_for_a_slot_and_short_ones_do_not() -> None:
    turns = turns_of(*(training(name, 2) for name in "abc"), *(drag(name, 1) for name in "xyz"), slots=2)
    assert (len(turns.long), len(turns.waiting), len(turns.short)) == (2, 1, 3)
    assert take(turns, 99) == "xyzababcc"
    assert len(turns) == 0


def test_the_job_whose_turn_it_is_keeps_its_slot() -> None:
    turns = turns_of(training("a"), slots=1)
    assert turns.next() is not None
    turns.add(training("b"))
    assert (len(turns), len(turns.waiting)) == (2, 1)
