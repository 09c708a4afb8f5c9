// Starts a child that would sleep for an hour, says its process id, and waits to be killed.
#include "cluster/child_process.hpp"

#include <cstdio>
#include <unistd.h>

int main() {
  skein::cluster::spawn_options options;
  options.argv = {"/bin/sleep", "3600"};
  auto child = skein::cluster::child_process::spawn(std::move(options));
  if (!child)
    return std::fprintf(stderr, "%s\n", child.error().what.c_str()), 1;
  std::printf("%d\n", (*child)->pid());
  std::fflush(stdout);
  pause();
}
