// Density of the logistic map, x -> a x - a x x, by hand: what a machine can do.
// Columns in blocks that stay in the cache, 16-bit counts, orbits side by side so that the compiler uses vectors.
#include <stdint.h>
#include <string.h>
#define BLOCK 128

// counts: (columns, rows), cleared here. columns: a multiple of BLOCK. States stay in [0, 1).
void density(const double *restrict a, uint16_t *restrict counts, int columns, int rows, int transient, int samples) {
#pragma omp parallel for schedule(static)
    for (int first = 0; first < columns; first += BLOCK) {
        double x[BLOCK], own[BLOCK];
        int place[BLOCK];
        uint16_t *restrict block = counts + (size_t)first * rows;
        for (int j = 0; j < BLOCK; j++) { x[j] = 0.5; own[j] = a[first + j]; }
        for (int i = 0; i < transient; i++)
            for (int j = 0; j < BLOCK; j++) { double t = own[j] * x[j]; x[j] = t - t * x[j]; }
        memset(block, 0, sizeof(uint16_t) * BLOCK * rows);
        for (int i = 0; i < samples; i++) {
            for (int j = 0; j < BLOCK; j++) {
                double t = own[j] * x[j];
                x[j] = t - t * x[j];
                place[j] = j * rows + (int)(x[j] * rows);
            }
            for (int j = 0; j < BLOCK; j++) block[place[j]]++;
        }
    }
}
