"""Plans: which nodes are kept, and from where on nothing reads them."""

from cliffscape.landscapes.backends.web_assembly.plan import INLINE, Plan
from cliffscape.landscapes.tracing.program import Program


def test_a_node_that_one_statement_reads_is_a_part_of_it() -> None:
    program = Program()
    x, y = program.input("x"), program.input("y")
    total = program.add("+", program.add("*", x, y), program.add("abs", x))
    assert Plan(program, [total], ()).statements == [total]


def test_nodes_that_are_read_twice_and_exponentials_are_kept_until_their_last_reader() -> None:
    program = Program()
    x = program.input("x")
    twice, grown = program.add("*", x, x), program.add("exp", x)
    first = program.add("+", twice, grown)
    last = program.add("*", program.add("sqrt", first), twice)
    plan = Plan(program, [first, last], ())
    assert plan.statements == [twice, grown, first, last]
    # An output stays.
    assert [set(done) for done in plan.done] == [set(), set(), {grown}, {twice}]


def test_what_is_known_is_neither_computed_nor_forgotten() -> None:
    program = Program()
    x = program.input("x")
    known = program.add("exp", x)
    total = program.add("+", known, x)
    plan = Plan(program, [total], [known])
    assert plan.statements == [total] and plan.done == [[]]


def test_long_expressions_are_kept_in_pieces() -> None:
    program = Program()
    total = x = program.input("x")
    for _ in range(3 * INLINE):
        total = program.add("+", total, x)
    assert len(Plan(program, [total], ()).statements) == 3
