"""A text to learn characters from, written for this project and in the public domain."""

SAMPLE = """\
The walker came down from the high plain in the evening. All day the ground had been so flat that a marble laid on
it would not have known which way to roll. She had a rule, and the rule had brought her far: feel the slope under
your feet, and step downhill; where the slope is gentle, step gently, and where it is steep, step boldly.

The rule was good on the plain and good in the valley. At the edge of the plain there was a cliff, and on the cliff
the rule was a catapult. She felt the steepest slope of her life, and she took the boldest step of her life, and when
she had landed she stood on another plain, so far away that the valley was a line on the horizon, and so flat that
there was no slope at all to follow home.

Her run had walked beside her, over the same stones, with one rule more. If the slope is steeper than this, he said,
and held up a hand, I do not believe it; I go where it points, but I go no farther than my arm is long. So he came to
the edge, and felt what she had felt, and took one small step where she had taken a great one. The next step was small
again. He climbed down the face of the cliff the way water climbs down a stair, and at the foot of it the ground was
gentle, and the rule of his arm was not needed any more.

They met years later and compared what they had learned. She had learned that a slope is a promise about the next
inch and no promise at all about the next mile. He had learned that it costs little to doubt a promise that is too
good. Neither had learned why there should be a cliff in such a place, between a plain and a valley, with no river to
cut it.

The why of it is short. Whoever lays down a path by repeating one move over and over lays down a cliff. A move that
makes things a little larger, made fifty times, makes them enormous; a move that makes things a little smaller, made
fifty times, makes them nothing. Between the two there is a move that leaves things as they are, and beside it, on
either side, the ground falls away. The more often the move is repeated, the narrower the ledge, and the taller the
wall.

A net that remembers is made of one move repeated. It reads a letter and moves, reads a letter and moves, and what it
knew at the first letter must survive every move to the last. If the move shrinks what it carries, the first letter is
forgotten. If the move grows what it carries, the first letter drowns all the others. To remember is to stand on the
ledge, and to learn to remember is to look for the ledge in the dark with a rule about slopes.

So take the rule, and take the arm as well. Count your steps, write down how steep it was before you doubted it, and
keep the seed from which the weather was made, so that another walker can set out from the same stone, in the same
wind, and see whether the cliff throws them where it threw you.
"""
