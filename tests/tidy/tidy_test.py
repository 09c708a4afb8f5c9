"""The rules of this tree that a program can check. Run as `tidy_test.py SOURCE_FOLDER`.

A rule that finds something names file and line and says what to do. What is exempt is listed here
by name, with its reason.
"""

import pathlib
import re
import subprocess
import sys
import unittest

SOURCE = pathlib.Path()

# Who may include whom: a folder, and all it may reach into. An arrow never points back up.
LAYERS = {
    "events": {"events"},
    "store": {"events", "store"},
    "config": {"events", "config"},
    "cluster": {"events", "config", "cluster"},
    "actors": {"events", "store", "config", "cluster", "actors"},
    "agents": {"events", "config", "cluster", "agents"},
    "tools": {"events", "store", "config", "cluster", "actors", "tools"},
    "bench": {"events", "store", "config", "cluster", "actors", "tools", "bench"},
}

# Where a library may be reached from, as the first folder of its includes. True: from .cpp files
# alone, so that its cost is paid once.
WALLS = {
    "rocksdb": ({"store", "bench"}, True),
    "nats": ({"cluster", "bench"}, False),
    "curl": ({"cluster"}, False),
    "boost": ({"cluster"}, False),
    "caf": ({"actors", "tools", "bench"}, False),
    "google": ({"events", "bench"}, True),
    "duckdb.h": ({"agents"}, True),
    "spdlog": ({"config"}, True),
    "prometheus": ({"actors"}, True),
    "yaml-cpp": ({"config"}, True),
    "ncurses.h": ({"tools"}, True),
    "CLI": ({"agents", "tools"}, True),
}

# The events' core is pure: it may know the language's own library and these.
CORE_MAY_USE = {"tl", "google", "events"}

LINES_MAX = 400
COLUMNS_MAX = 100

MARKERS = re.compile(r"\b(TODO|FIXME|HACK|XXX)\b")
INCLUDE = re.compile(r'\s*#\s*include\s*(?:"([^"]+)"|<([^>]+)>)')


def tracked(*patterns):
    """The files git knows; everything below SOURCE where it is no checkout."""
    listed = subprocess.run(["git", "-C", SOURCE, "ls-files", "-z", "--", *patterns],
                            capture_output=True, text=True, check=False)
    if listed.returncode == 0:
        found = [SOURCE / name for name in listed.stdout.split("\0") if name]
    else:
        found = [path for pattern in patterns for path in SOURCE.rglob(pattern)]
    return sorted(path for path in found if path.is_file())


def code():
    return tracked("*.cpp", "*.hpp")


def lines_of(path):
    return path.read_text(encoding="utf-8").splitlines()


def includes():
    """Each include: its file relative to SOURCE, line, what it names, and whether in <>."""
    for path in code():
        for number, line in enumerate(lines_of(path), 1):
            found = INCLUDE.match(line)
            if found:
                yield path.relative_to(SOURCE), number, found[1] or found[2], bool(found[2])


class Tidy(unittest.TestCase):
    def none(self, found, advice):
        self.assertEqual(found, [], f"{advice}:\n  " + "\n  ".join(found))

    def test_includes_point_down(self):
        wrong = [f"{file}:{line} includes {what}"
                 for file, line, what, system in includes() if not system
                 if file.parts[0] in LAYERS and what.split("/")[0] in {*LAYERS, "tests"}
                 if what.split("/")[0] not in LAYERS[file.parts[0]]]
        self.none(wrong, "an include points up the layers (README.md, The tree); move what both "
                         "need down")

    def test_our_includes_are_quoted(self):
        wrong = [f"{file}:{line} includes <{what}>" for file, line, what, system in includes()
                 if system and what.split("/")[0] in LAYERS]
        self.none(wrong, "our own headers are included in quotes, by their path from the top")

    def test_libraries_stay_behind_their_walls(self):
        wrong = []
        for file, line, what, system in includes():
            first = what.split("/")[0]
            if not system or first not in WALLS or file.parts[0] == "tests":
                continue
            folders, only_cpp = WALLS[first]
            is_header = file.suffix == ".hpp" and file.name != "precompiled.hpp"
            if file.parts[0] not in folders or (only_cpp and is_header):
                wrong.append(f"{file}:{line} includes <{what}>")
        self.none(wrong, "a library is reached from where docs/dependencies.md says, and from "
                         ".cpp files where its headers are heavy")

    def test_the_core_is_pure(self):
        wrong = [f"{file}:{line} includes <{what}>" for file, line, what, system in includes()
                 if system and file.parts[0] == "events" and re.search(r"[/.]", what)
                 and what.split("/")[0] not in CORE_MAY_USE]
        self.none(wrong, "events/ decides from its arguments alone: do this in a layer above")
        clock = re.compile(r"_clock::now|random_device|\b(getenv|fopen|std::rand|time)\s*\(")
        wrong = [f"{path.relative_to(SOURCE)}:{number}: {line.strip()}"
                 for path in code() if path.relative_to(SOURCE).parts[0] == "events"
                 for number, line in enumerate(lines_of(path), 1) if clock.search(line)]
        self.none(wrong, "events/ reads no clock, random number, file or environment: give it as "
                         "an argument")

    def test_files_fit_in_the_head(self):
        long = [f"{path.relative_to(SOURCE)} has {count} lines"
                for path in tracked("*.cpp", "*.hpp", "*.py", "*.sh", "*.ts", "*.tsx", "*.proto")
                for count in [len(lines_of(path))] if count > LINES_MAX]
        self.none(long, f"at most {LINES_MAX} lines: split it where its parts meet")

    def test_lines_fit_on_a_screen(self):
        wide = [f"{name}:{number} has {len(line)} columns"
                for path in tracked("*.cpp", "*.hpp", "*.py", "*.cmake", "*CMakeLists.txt")
                for name in [path.relative_to(SOURCE)]
                for number, line in enumerate(lines_of(path), 1) if len(line) > COLUMNS_MAX]
        self.none(wide, f"at most {COLUMNS_MAX} columns; clang-format -i breaks code")

    def test_headers_are_guarded(self):
        bare = [str(path.relative_to(SOURCE)) for path in tracked("*.hpp")
                if "#pragma once" not in lines_of(path)]
        self.none(bare, "a header starts with #pragma once")

    def test_nothing_is_put_off_in_a_comment(self):
        here = pathlib.Path(__file__).resolve()
        found = [f"{path.relative_to(SOURCE)}:{number}: {line.strip()}"
                 for path in tracked("*.cpp", "*.hpp", "*.py", "*.sh", "*.proto", "*.md", "*.txt")
                 if path.resolve() != here and "golden" not in path.parts
                 for number, line in enumerate(lines_of(path), 1) if MARKERS.search(line)]
        self.none(found, "what is left to do is an issue, not a comment")

    def test_folders_say_what_they_are(self):
        folders = {path.relative_to(SOURCE).parts[0] for path in code()}
        mute = [folder for folder in sorted(folders)
                if not (SOURCE / folder / "README.md").exists()]
        self.none(mute, "each top folder has a README.md of a paragraph")

    def test_sources_are_built(self):
        """A .cpp that no CMakeLists.txt names is dead, or forgotten."""
        lists = "\n".join(path.read_text() for path in tracked("*CMakeLists.txt"))
        dead = [str(path.relative_to(SOURCE)) for path in tracked("*.cpp")
                if not re.search(rf"\b{re.escape(path.name)}\b", lists)]
        self.none(dead, "name it in its folder's CMakeLists.txt, or remove it")


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(f"usage: {sys.argv[0]} SOURCE_FOLDER")
    SOURCE = pathlib.Path(sys.argv.pop(1)).resolve()
    unittest.main()
