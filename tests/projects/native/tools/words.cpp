#include <fstream>

#include "greeting.h"

int main(int, char **args) {
  std::ofstream(args[1]) << "#define WORD \"world of " << greeting("words").size() << " letters\"\n";
}
