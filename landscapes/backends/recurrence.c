/* States of a recurrent net, and their gradient by backpropagation through time (Werbos 1990).

   recurrence_source.py puts in front of this text: `activate` and `differentiate`, which are the nonlinearities of a
   cell and their derivatives for `size` units, BLOCKS (pre-activations per unit), MEMORIES (1, or 2 with a cell state)
   and STORED (numbers per unit and step that `differentiate` needs from `activate`).

   Lanes are computed one after the other: the weights of a lane stay in the first-level cache for all its steps, and no
   lane depends on the others, not even in the last bit. Rows are padded with zeros to a multiple of PAD numbers, so that
   they fill vector registers. */

#include <stdlib.h>
#include <string.h>
#define PAD 8
#ifdef __AVX512F__
#define WIDTH 8
#else
#define WIDTH 4
#endif
typedef double vector __attribute__((vector_size(WIDTH * sizeof(double)), aligned(sizeof(double))));
#define ALWAYS static inline __attribute__((always_inline))

/* c += a b on `rows` rows and `vectors` vectors of columns; element (r, k) of a is a[r * row + k * next]. */
ALWAYS void tile(int rows, int vectors, long depth, const double *a, long row, long next,
                 const double *b, double *c, long stride) {
  vector sums[5][4];
#pragma GCC unroll 5
  for (int r = 0; r < rows; r++)
#pragma GCC unroll 4
    for (int v = 0; v < vectors; v++) sums[r][v] = *(const vector *)(c + r * stride + v * WIDTH);
  for (long k = 0; k < depth; k++) {
#pragma GCC unroll 5
    for (int r = 0; r < rows; r++) {
      const double factor = a[r * row + k * next];
#pragma GCC unroll 4
      for (int v = 0; v < vectors; v++) sums[r][v] += factor * *(const vector *)(b + k * stride + v * WIDTH);
    }
  }
#pragma GCC unroll 5
  for (int r = 0; r < rows; r++)
#pragma GCC unroll 4
    for (int v = 0; v < vectors; v++) *(vector *)(c + r * stride + v * WIDTH) = sums[r][v];
}

ALWAYS void band(int vectors, long rows, long depth, const double *a, long row, long next,
                 const double *b, double *c, long stride) {
  long r = 0;
  for (; r + 5 <= rows; r += 5) tile(5, vectors, depth, a + r * row, row, next, b, c + r * stride, stride);
  for (; r + 2 <= rows; r += 2) tile(2, vectors, depth, a + r * row, row, next, b, c + r * stride, stride);
  if (r < rows) tile(1, vectors, depth, a + r * row, row, next, b, c + r * stride, stride);
}

/* c (rows, stride) += a (rows, depth) b (depth, stride) */
static void add_product(long rows, long stride, long depth, const double *a, long row, long next,
                        const double *b, double *c) {
  long v = 0, count = stride / WIDTH;
  for (; v + 4 <= count; v += 4) band(4, rows, depth, a, row, next, b + v * WIDTH, c + v * WIDTH, stride);
  for (; v + 2 <= count; v += 2) band(2, rows, depth, a, row, next, b + v * WIDTH, c + v * WIDTH, stride);
  if (v < count) band(1, rows, depth, a, row, next, b + v * WIDTH, c + v * WIDTH, stride);
}

/* The tape of a lane: the states before and after every step, the same of the cell state, and what each step stores.
   Without `keep`, two slots of the memory are used in turn, and one of what is stored. */
/* The blocks of a factor (rows, BLOCKS units), each with rows of `row` numbers. */
static void gather(long rows, long units, long row, const double *theta, const long *places, double *blocks) {
  for (long k = 0; k < rows; k++)
    for (long n = 0; n < BLOCKS; n++)
      for (long j = 0; j < units; j++) {
        const long place = places[(k * BLOCKS + n) * units + j];
        blocks[(n * rows + k) * row + j] = place < 0 ? 0 : theta[place];
      }
}

static void scatter(long rows, long units, long row, const double *blocks, const long *places, double *theta) {
  for (long k = 0; k < rows; k++)
    for (long n = 0; n < BLOCKS; n++)
      for (long j = 0; j < units; j++) {
        const long place = places[(k * BLOCKS + n) * units + j];
        if (place >= 0) theta[place] = blocks[(n * rows + k) * row + j];
      }
}

static double *state_at(double *tape, long t, long keep, long size) { return tape + (keep ? t : t & 1) * size; }

/* States of `lanes` nets of `units` units on `batch` sequences of `length` inputs of `width` numbers. `inputs` are
   (length, batch, width), `across` numbers apart for the next lane. `theta` has `stride` parameters for each lane. The
   places in it of the factor of the inputs (width + 1, BLOCKS units), with the bias in the last row, and of the factor of
   the states (units, BLOCKS units) are in `input_places` and `state_places`; where a place is negative the factor is 0.
   Writes the last `wanted` states (lanes, wanted, batch, units). */
long forward(long lanes, long length, long batch, long width, long units, long wanted, long keep, const double *inputs,
             long across, const double *theta, long stride, const long *input_places, const long *state_places,
             double *tape, double *states) {
  const long row = (units + PAD - 1) / PAD * PAD, size = batch * row, slots = keep ? length + 1 : 2;
  double *by_input = calloc(BLOCKS * row * (width + 1 + units) + BLOCKS * size, sizeof(double));
  if (!by_input) return 1;
  double *by_state = by_input + BLOCKS * row * (width + 1), *gates = by_state + BLOCKS * row * units;
  for (long lane = 0; lane < lanes; lane++, tape += slots * (MEMORIES + STORED) * size) {
    const double *given = inputs + lane * across;
    double *cells = tape + slots * size, *stored = tape + slots * MEMORIES * size;
    gather(width + 1, units, row, theta + lane * stride, input_places, by_input);
    gather(units, units, row, theta + lane * stride, state_places, by_state);
    memset(tape, 0, size * sizeof(double));
    if (MEMORIES > 1) memset(cells, 0, size * sizeof(double));
    for (long t = 0; t < length; t++) {
      double *before = state_at(tape, t, keep, size), *after = state_at(tape, t + 1, keep, size);
      for (long n = 0; n < BLOCKS; n++) {
        double *block = gates + n * size;
        const double *factor = by_input + n * (width + 1) * row;
        for (long b = 0; b < batch; b++) memcpy(block + b * row, factor + width * row, row * sizeof(double));
        add_product(batch, row, width, given + t * batch * width, width, 1, factor, block);
        if (t) add_product(batch, row, units, before, row, 1, by_state + n * units * row, block);
      }
      activate(size, gates, before, state_at(cells, t, keep, size), after, state_at(cells, t + 1, keep, size),
               stored + (keep ? t : 0) * STORED * size);
      for (long b = 0, at = t - length + wanted; at >= 0 && b < batch; b++)
        memcpy(states + ((lane * wanted + at) * batch + b) * units, after + b * row, units * sizeof(double));
    }
  }
  free(by_input);
  return 0;
}

/* The gradient by theta, from that by the last `wanted` states and the tape of `forward`. */
long backward(long lanes, long length, long batch, long width, long units, long wanted, const double *inputs,
              long across, const double *theta, long stride, const long *input_places, const long *state_places,
              double *tape, const double *grad_states, double *grad_theta) {
  const long row = (units + PAD - 1) / PAD * PAD, size = batch * row, slots = length + 1;
  const long sums = BLOCKS * row * (width + 1 + units);
  double *turned = calloc(BLOCKS * row * units + sums + (2 * BLOCKS + 4) * size, sizeof(double));
  if (!turned) return 1;
  double *by_input = turned + BLOCKS * row * units, *by_state = by_input + BLOCKS * row * (width + 1);
  double *grad_gates = by_input + sums, *grad = grad_gates + BLOCKS * size, *direct = grad + size;
  double *grad_cell = direct + size, *grad_cell_before = grad_cell + size;
  for (long lane = 0; lane < lanes; lane++, tape += slots * (MEMORIES + STORED) * size) {
    const double *given = inputs + lane * across;
    double *cells = tape + slots * size, *stored = tape + slots * MEMORIES * size;
    for (long n = 0; n < BLOCKS; n++)
      for (long k = 0; k < units; k++)
        for (long j = 0; j < units; j++) {
          const long place = state_places[(k * BLOCKS + n) * units + j];
          turned[(n * units + j) * row + k] = place < 0 ? 0 : theta[lane * stride + place];
        }
    memset(by_input, 0, sums * sizeof(double));
    memset(grad, 0, 4 * size * sizeof(double));
    for (long t = length - 1; t >= 0; t--) {
      const double *before = tape + t * size, *after = before + size;
      for (long b = 0, at = t - length + wanted; at >= 0 && b < batch; b++)
        for (long j = 0; j < units; j++)
          grad[b * row + j] += grad_states[((lane * wanted + at) * batch + b) * units + j];
      differentiate(size, before, cells + t * size, after, cells + (t + 1) * size, stored + t * STORED * size, grad,
                    grad_cell, grad_gates, direct, grad_cell_before);
      for (long n = 0; n < BLOCKS; n++) {
        double *block = grad_gates + n * size, *factor = by_input + n * (width + 1) * row;
        add_product(width, row, batch, given + t * batch * width, 1, width, block, factor);
        for (long b = 0; b < batch; b++)
          for (long j = 0; j < row; j++) factor[width * row + j] += block[b * row + j];
        if (t) add_product(units, row, batch, before, 1, row, block, by_state + n * units * row);
        /* `direct` becomes the whole gradient by the state before. */
        if (t) add_product(batch, row, units, block, row, 1, turned + n * units * row, direct);
      }
      double *done = grad;
      grad = direct, direct = done;
      done = grad_cell, grad_cell = grad_cell_before, grad_cell_before = done;
    }
    scatter(width + 1, units, row, by_input, input_places, grad_theta + lane * stride);
    scatter(units, units, row, by_state, state_places, grad_theta + lane * stride);
  }
  free(turned);
  return 0;
}
