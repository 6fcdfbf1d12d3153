// SPDX-License-Identifier: Apache-2.0
// BGRA to NV12, BT.709, limited range, chroma as the mean of four pixels. Each thread converts four pixels. The PTX in the bundle:
//   nvcc -ptx -arch=compute_75 nv12.cu -o nv12.ptx
// and then .version 6.3 and .target sm_50 in place of nvcc's own: nothing in it is newer, and every driver from 470 on takes it.
// PtxTest compares the two where nvcc 13.0 is.

// By hand: left to itself nvcc takes dp2a, which sm_50 has not.
static __device__ __forceinline__ int byte_of(unsigned int pixel, int place)
{
    int value;
    asm("bfe.u32 %0, %1, %2, 8;" : "=r"(value) : "r"(pixel), "r"(8 * place));
    return value;
}

extern "C" __global__ void bgra_to_nv12(const unsigned char* from, unsigned long long fromPitch, unsigned char* to,
        unsigned long long toPitch, unsigned int width, unsigned int height)
{
    unsigned int x = 2 * (blockIdx.x * blockDim.x + threadIdx.x);
    unsigned int y = 2 * (blockIdx.y * blockDim.y + threadIdx.y);
    if (x >= width || y >= height) {
        return;
    }
    int red = 0, green = 0, blue = 0;
    for (unsigned int row = 0; row < 2; row++) {
        for (unsigned int column = 0; column < 2; column++) {
            unsigned int pixel = *(const unsigned int*) (from + (y + row) * fromPitch + 4 * (x + column));
            int b = byte_of(pixel, 0), g = byte_of(pixel, 1), r = byte_of(pixel, 2);
            to[(y + row) * toPitch + x + column] = (11966 * r + 40254 * g + 4064 * b + (16 << 16) + (1 << 15)) >> 16;
            red += r;
            green += g;
            blue += b;
        }
    }
    unsigned char* chroma = to + (height + y / 2) * toPitch + x;
    chroma[0] = (-6596 * red - 22188 * green + 28784 * blue + (128 << 18) + (1 << 17)) >> 18;
    chroma[1] = (28784 * red - 26145 * green - 2639 * blue + (128 << 18) + (1 << 17)) >> 18;
}
