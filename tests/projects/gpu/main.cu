#include <cstdio>

__global__ void twice(int *number) { *number *= 2; }

#define WORDS(...) WORDS_OF(__VA_ARGS__)
#define WORDS_OF(...) #__VA_ARGS__

// The list of architectures is nvcc's own word for what it compiles for.
int main() {
  std::printf("compiled for %s\n", WORDS(__CUDA_ARCH_LIST__));
  int *number = nullptr;
  cudaError_t error = cudaMallocManaged(&number, sizeof(int));
  if (error == cudaSuccess) {
    *number = 21;
    twice<<<1, 1>>>(number);
    error = cudaDeviceSynchronize();
  }
  if (error == cudaSuccess)
    std::printf("a GPU says %d\n", *number);
  else
    std::printf("no GPU: %s\n", cudaGetErrorName(error));
}
