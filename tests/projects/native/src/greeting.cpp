#include "greeting.h"

std::string greeting(const std::string &name) {
#ifdef LOUD
  return "HELLO " + name;
#else
  return "hello " + name;
#endif
}
