#include "store/acknowledged_mark.hpp"
#include "support.hpp"

using namespace skein::store;
using namespace skein::store::test;

TEST_CASE("a mark is there without a close, and is overwritten in place") {
  temporary_folder folder;
  CHECK_FALSE(acknowledged_mark::load(folder.path()));
  acknowledged_mark mark{folder.path()};
  mark.write({10, 4, 4096});
  CHECK(acknowledged_mark::load(folder.path()) == acknowledged{10, 4, 4096});
  mark.write({11, 5, 100});
  CHECK(acknowledged_mark::load(folder.path()) == acknowledged{11, 5, 100});
}

TEST_CASE("a mark that a power failure left unwritten claims nothing") {
  temporary_folder folder;
  { acknowledged_mark mark{folder.path()}; }
  CHECK(acknowledged_mark::load(folder.path()) == acknowledged{});
  write_file(folder.path() / "acknowledged", "half");
  CHECK_FALSE(acknowledged_mark::load(folder.path()));
}

TEST_CASE("a folder that cannot hold a mark costs nothing but the mark") {
  acknowledged_mark mark{"/nowhere/at/all"};
  mark.write({1, 1, 1});
  CHECK_FALSE(acknowledged_mark::load("/nowhere/at/all"));
}
