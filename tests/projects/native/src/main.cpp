#include <cstdio>

#include "greeting.h"
#include "words.h"

int main() {
  std::printf("%s, compiled from %s\n", greeting(WORD).c_str(), __FILE__);
}
