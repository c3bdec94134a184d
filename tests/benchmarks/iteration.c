// The logistic map iterated and nothing else, in blocks of columns that stay in registers and the nearest cache.
#define BLOCK 256

// x: (columns,), the states afterwards; each starts at 0.5. columns: a multiple of BLOCK.
void iterate(const double *restrict a, double *restrict x, int columns, int steps) {
#pragma omp parallel for schedule(static)
    for (int first = 0; first < columns; first += BLOCK) {
        double state[BLOCK], own[BLOCK];
        for (int j = 0; j < BLOCK; j++) { state[j] = 0.5; own[j] = a[first + j]; }
        for (int i = 0; i < steps; i++)
            for (int j = 0; j < BLOCK; j++) { double t = own[j] * state[j]; state[j] = t - t * state[j]; }
        for (int j = 0; j < BLOCK; j++) x[first + j] = state[j];
    }
}
