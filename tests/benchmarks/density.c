// Density of the logistic map, x -> a x - a x x, by hand: what a machine can do.
// Columns in blocks that stay in the cache, 16-bit counts, orbits side by side so that the compiler uses vectors.
#include <stdint.h>
#include <string.h>
#define BLOCK 128

// counts: (columns, stride), of which the first `rows` are used; cleared here. columns: a multiple of BLOCK. States stay in [0, 1).
// With 1024 rows and no stride beyond them all columns' counts of one state fall into the same few sets of the cache.
void density(const double *restrict a, uint16_t *restrict counts, int columns, int rows, int stride, int transient, int samples) {
#pragma omp parallel for schedule(static)
    for (int first = 0; first < columns; first += BLOCK) {
        double x[BLOCK], own[BLOCK];
        int place[BLOCK];
        uint16_t *restrict block = counts + (size_t)first * stride;
        for (int j = 0; j < BLOCK; j++) { x[j] = 0.5; own[j] = a[first + j]; }
        for (int i = 0; i < transient; i++)
            for (int j = 0; j < BLOCK; j++) { double t = own[j] * x[j]; x[j] = t - t * x[j]; }
        memset(block, 0, sizeof(uint16_t) * BLOCK * stride);
        for (int i = 0; i < samples; i++) {
            for (int j = 0; j < BLOCK; j++) {
                double t = own[j] * x[j];
                x[j] = t - t * x[j];
                place[j] = j * stride + (int)(x[j] * rows);
            }
            for (int j = 0; j < BLOCK; j++) block[place[j]]++;
        }
    }
}
