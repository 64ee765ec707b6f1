/* States of a recurrent net, and their gradient by backpropagation through time (Werbos 1990), on a GPU: the threads of
   a block share the work of a lane, from the first step to the last, so a step costs no launch.

   block_recurrence.py puts in front of this text: `activate` and `differentiate`, as for recurrence.c, as loops over
   `EACH`; BLOCKS, MEMORIES and STORED; and the arguments FORWARD and BACKWARD. What all steps read or add to is in the
   block's shared memory. Every sum is taken by one thread, in the same order whatever the number of lanes, so no lane
   depends on the others.

   The same text as plain C is a loop over lanes with one thread, so that it can be tested without a GPU. */

/* A warp takes a tile of this many rows and columns of a product. */
#define SIDE 8

static inline int parts(int size, int part) { return (size + part - 1) / part; }
static inline int tiles(int rows, int columns) { return parts(rows, SIDE) * parts(columns, SIDE); }
static inline int lesser(int a, int b) { return a < b ? a : b; }

/* The tile of a b at `top` and `left`, as in `add_product`. The rows and columns beyond the edge repeat the last one. */
static void multiply_tile(int top, int left, int rows, int columns, int depth, const double *a, int row, int next,
                          const double *b, Sums sums) {
  EACH_PLACE(down, across) {
#ifdef __CUDACC_RTC__
    /* The matrix unit takes 8 x 4 and 4 x 8 numbers, one of each per thread. It adds products of even and of odd parts
       separately, since every sum has to wait for the one before it. */
    const double *lefts = a + lesser(top + down, rows - 1) * row, *rights = b + lesser(left + down, columns - 1);
    double odd[2] = {0, 0};
    sums[0] = sums[1] = 0;
    for (int k = across; k - across < depth; k += 8) {
      MULTIPLY(sums, k < depth ? lefts[k * next] : 0, k < depth ? rights[k * columns] : 0);
      MULTIPLY(odd, k + 4 < depth ? lefts[(k + 4) * next] : 0, k + 4 < depth ? rights[(k + 4) * columns] : 0);
    }
    sums[0] += odd[0], sums[1] += odd[1];
#else
    const double *lefts = a + lesser(top + down, rows - 1) * row, *rights = b + lesser(left + across, columns - 1);
    sums[down * SIDE + across] = 0;
    for (int k = 0; k < depth; k++) sums[down * SIDE + across] += lefts[k * next] * rights[k * columns];
#endif
  }
}

/* c (rows, columns) += a (rows, depth) b (depth, columns); element (r, k) of a is a[r * row + k * next]. With a row
   `bias` of c instead of c where that is given. The first tile is that of warp `first`, so that products that do not
   depend on each other share the warps. Equal sizes and an equal `first` have equal tiles, so a product can follow
   another one on the same c without a barrier. */
static void add_product(int rows, int columns, int depth, const double *a, int row, int next, const double *b, double *c,
                        const double *bias, int first) {
  const int wide = parts(columns, SIDE), count = tiles(rows, columns);
  EACH_TILE(first, tile, count) {
    const int top = tile / wide * SIDE, left = tile % wide * SIDE;
    Sums sums;
    multiply_tile(top, left, rows, columns, depth, a, row, next, b, sums);
    EACH_SUM(n, down, across) {
      const int r = top + down, q = left + across, place = r * columns + q;
      if (r < rows && q < columns) c[place] = (bias ? bias[q] : c[place]) + sums[n];
    }
  }
}

/* Copies a factor (rows, BLOCKS units) from theta, a block after the other. */
static void gather(int rows, int units, const double *theta, const count *places, double *blocks) {
  EACH(at, rows * BLOCKS * units) {
    const int k = at / (BLOCKS * units), n = at / units % BLOCKS, j = at % units;
    blocks[(n * rows + k) * units + j] = places[at] < 0 ? 0 : theta[places[at]];
  }
}

static void scatter(int rows, int units, const double *blocks, const count *places, double *theta) {
  EACH(at, rows * BLOCKS * units) {
    const int k = at / (BLOCKS * units), n = at / units % BLOCKS, j = at % units;
    if (places[at] >= 0) theta[places[at]] = blocks[(n * rows + k) * units + j];
  }
}

static void set(int size, double *numbers, double value) { EACH(k, size) numbers[k] = value; }
static void copy(int size, const double *from, double *to) { EACH(k, size) to[k] = from[k]; }

/* One lane of `forward` in recurrence.c. There the rows of the tape are padded; here they are not, so it has room. */
static void forward_lane(double *shared, int length, int batch, int width, int units, int wanted, int keep,
                         const double *inputs, const double *theta, const count *input_places,
                         const count *state_places, double *tape, double *states) {
  const int size = batch * units, slots = keep ? length + 1 : 2, extra = (MEMORIES - 1) * size;
  double *by_input = shared, *by_state = by_input + BLOCKS * units * (width + 1);
  double *gates = by_state + BLOCKS * units * units, *before = gates + BLOCKS * size, *after = before + size;
  double *cells = after + size, *cells_after = cells + extra;
  double *cell_tape = tape + slots * size, *stored = tape + slots * MEMORIES * size;
  gather(width + 1, units, theta, input_places, by_input);
  gather(units, units, theta, state_places, by_state);
  set(size, before, 0);
  set(extra, cells, 0);
  if (keep) set(size, tape, 0), set(extra, cell_tape, 0);
  BARRIER;
  for (int t = 0; t < length; t++) {
    for (int n = 0; n < BLOCKS; n++) {
      double *block = gates + n * size;
      const double *factor = by_input + n * (width + 1) * units;
      const int first = n * tiles(batch, units);
      add_product(batch, units, width, inputs + t * batch * width, width, 1, factor, block, factor + width * units, first);
      if (t) add_product(batch, units, units, before, units, 1, by_state + n * units * units, block, 0, first);
    }
    BARRIER;
    activate(size, gates, before, cells, after, cells_after, stored + (keep ? t : 0) * STORED * size);
    if (keep) copy(size, after, tape + (t + 1) * size), copy(extra, cells_after, cell_tape + (t + 1) * size);
    if (t >= length - wanted) copy(size, after, states + (t - length + wanted) * size);
    BARRIER;
    double *other = before;
    before = after, after = other;
    other = cells, cells = cells_after, cells_after = other;
  }
}

/* One lane of `backward` in recurrence.c. */
static void backward_lane(double *shared, int length, int batch, int width, int units, int wanted, const double *inputs,
                          const double *theta, const count *input_places, const count *state_places, const double *tape,
                          const double *grad_states, double *grad_theta) {
  const int size = batch * units, slots = length + 1, extra = (MEMORIES - 1) * size;
  const int sums = BLOCKS * units * (width + 1 + units), shares = tiles(units, units) + tiles(width, units);
  double *turned = shared, *by_input = turned + BLOCKS * units * units;
  double *by_state = by_input + BLOCKS * units * (width + 1), *grad_gates = by_input + sums;
  double *grad = grad_gates + BLOCKS * size, *direct = grad + size, *before = direct + size;
  double *grad_cell = before + size, *grad_cell_before = grad_cell + extra;
  const double *cells = tape + slots * size, *stored = tape + slots * MEMORIES * size;
  EACH(at, BLOCKS * units * units) {
    const int k = at / (BLOCKS * units), n = at / units % BLOCKS, j = at % units;
    turned[(n * units + j) * units + k] = state_places[at] < 0 ? 0 : theta[state_places[at]];
  }
  set(sums, by_input, 0);
  set(size, grad, 0);
  set(extra, grad_cell, 0);
  for (int t = length - 1; t >= 0; t--) {
    const double *state = tape + t * size;
    const int at = t - length + wanted;
    copy(size, state, before);
    if (at >= 0) EACH(k, size) grad[k] += grad_states[at * size + k];
    differentiate(size, before, cells + t * size, state + size, cells + (t + 1) * size, stored + t * STORED * size, grad,
                  grad_cell, grad_gates, direct, grad_cell_before);
    BARRIER;
    for (int n = 0; n < BLOCKS; n++) {
      double *block = grad_gates + n * size, *factor = by_input + n * (width + 1) * units;
      const int first = tiles(batch, units) + n * shares;
      /* `direct` becomes the whole gradient by the state before. */
      if (t) add_product(batch, units, units, block, units, 1, turned + n * units * units, direct, 0, 0);
      if (t) add_product(units, units, batch, before, 1, units, block, by_state + n * units * units, 0, first);
      add_product(width, units, batch, inputs + t * batch * width, 1, width, block, factor, 0,
                  first + tiles(units, units));
      EACH(j, units) for (int b = 0; b < batch; b++) factor[width * units + j] += block[b * units + j];
    }
    BARRIER;
    double *other = grad;
    grad = direct, direct = other;
    other = grad_cell, grad_cell = grad_cell_before, grad_cell_before = other;
  }
  scatter(width + 1, units, by_input, input_places, grad_theta);
  scatter(units, units, by_state, state_places, grad_theta);
}
