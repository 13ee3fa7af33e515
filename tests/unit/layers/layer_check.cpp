#include "layer_check.h"

#include <algorithm>
#include <map>
#include <set>

#include "source_text.h"

namespace rm::test {
namespace {

namespace fs = std::filesystem;
using Names = std::set<std::string, std::less<>>;

// The folders on the path and what each may include besides itself. A folder that is not here may include anything
// but the wiring.
const std::map<std::string, Names, std::less<>> kMayInclude = {
    {"domain", {}},
    {"event_bus", {"domain"}},
    {"projectx", {"domain"}},
    {"event_bridge", {"domain", "event_bus", "projectx"}},
    {"book", {"domain", "event_bus"}},
    {"rules", {"domain", "event_bus", "book"}},
    {"risk_engine", {"domain", "event_bus", "book", "rules"}},
    {"enforcement", {"domain", "event_bus", "book", "rules", "risk_engine", "projectx/suite/broker_api.h"}},
    {"net", {}},
    {"observe", {"domain"}},
    {"config", {"domain", "rules", "net"}},
};
const Names kPure = {"domain", "event_bus", "projectx",    "event_bridge",
                     "book",   "rules",     "risk_engine", "enforcement"};
const Names kWiring = {"runtime", "doctor", "cli"};  // include others, are included by nobody but each other
// Standard headers that bring threads, files, clocks or chance.
const Names kImpureHeaders = {
    "thread", "mutex",   "shared_mutex", "condition_variable", "future",     "stop_token", "semaphore",
    "latch",  "barrier", "fstream",      "iostream",           "filesystem", "random",     "cstdio",
    "ctime",  "csignal", "syncstream"};
const Names kImpureWords = {"system_clock", "steady_clock", "high_resolution_clock", "utc_clock", "file_clock",
                            "double",       "float"};
// Libraries that no header of ours may name, and the folders whose own files may; a header may in net, where it is
// then internal. store has the hashes of its journal from OpenSSL.
const std::map<std::string, Names, std::less<>> kConfined = {{"boost/", {"net"}}, {"openssl/", {"net", "store"}},
                                                             {"spdlog/", {}},     {"yaml-cpp/", {}},
                                                             {"SQLiteCpp/", {}},  {"nlohmann/", {}},
                                                             {"CLI/", {}},        {"sqlite3.h", {}}};

struct File {
  std::string shown;   // "src/book/holding.h"
  std::string folder;  // "book"
  bool header = false;
  SourceText text;
};

bool is_source(const fs::path& path) {
  const auto ext = path.extension();
  return ext == ".h" || ext == ".cpp" || ext == ".inc" || ext == ".def";
}

std::vector<File> read_tree(const fs::path& root, const std::string& top) {
  std::vector<File> files;
  if (!fs::exists(root / top)) return files;
  for (const auto& entry : fs::recursive_directory_iterator{root / top}) {
    if (!entry.is_regular_file() || !is_source(entry.path())) continue;
    const std::string inside = fs::relative(entry.path(), root / top).generic_string();
    files.push_back({top + "/" + inside, inside.substr(0, inside.find('/')), entry.path().extension() != ".cpp",
                     read_source(entry.path())});
  }
  std::sort(files.begin(), files.end(), [](const File& a, const File& b) { return a.shown < b.shown; });
  return files;
}

class Check {
 public:
  explicit Check(const fs::path& root) : ours_{read_tree(root, "src")}, paper_{read_tree(root, "paper_gateway")} {}

  std::vector<std::string> run() {
    if (ours_.empty()) problems_.push_back("src: no source found");
    find_internal_headers();
    for (const File& file : ours_) {
      for (const Include& include : file.text.includes) check_include(file, include);
      if (kPure.contains(file.folder)) check_pure(file);
    }
    for (const File& file : paper_) {
      for (const Include& include : file.text.includes) {
        if (include.quoted && folders_.contains(folder_of(include.path)))
          say(file, include.line,
              "includes " + include.path + ": the gateway shares nothing with the client it tests");
      }
    }
    return std::move(problems_);
  }

 private:
  static std::string folder_of(const std::string& path) { return path.substr(0, path.find('/')); }
  void say(const File& file, int line, const std::string& what) {
    problems_.push_back(file.shown + ":" + std::to_string(line) + ": " + what);
  }

  // Headers of net/ that name its libraries, directly or through one that does: for net/ alone.
  void find_internal_headers() {
    for (const File& file : ours_) folders_.insert(file.folder);
    for (bool grew = true; grew;) {
      grew = false;
      for (const File& file : ours_) {
        if (!file.header || file.folder != "net") continue;
        const bool names = std::any_of(file.text.includes.begin(), file.text.includes.end(), [&](const Include& i) {
          return i.quoted ? internal_.contains(i.path)
                          : i.path.starts_with("boost/") || i.path.starts_with("openssl/");
        });
        if (names) grew = internal_.insert(file.shown.substr(4)).second || grew;
      }
    }
  }

  void check_include(const File& file, const Include& include) {
    if (include.quoted) {
      check_own(file, include);
    } else {
      check_library(file, include);
    }
  }

  void check_own(const File& file, const Include& include) {
    const std::string target = folder_of(include.path);
    if (target == "paper_gateway")
      return say(file, include.line,
                 "includes " + include.path + ": the client shares nothing with the gateway that tests it");
    if (target == file.folder) return;
    if (!folders_.contains(target))
      return say(file, include.line, "includes " + include.path + ": not written from src/");
    if (internal_.contains(include.path)) say(file, include.line, "includes " + include.path + ": internal to net");
    if (kWiring.contains(target) && !kWiring.contains(file.folder))
      return say(file, include.line, "includes " + include.path + ": nothing depends on the wiring");
    const auto allowed = kMayInclude.find(file.folder);
    if (allowed == kMayInclude.end() || allowed->second.contains(target) || allowed->second.contains(include.path))
      return;
    say(file, include.line, "includes " + include.path + ": " + file.folder + " may not depend on " + target);
  }

  void check_library(const File& file, const Include& include) {
    for (const auto& [library, homes] : kConfined) {
      if (!include.path.starts_with(library)) continue;
      if (!homes.empty() && !homes.contains(file.folder))
        say(file, include.line, "includes <" + include.path + ">: for src/" + *homes.begin() + " alone");
      if (file.header && (file.folder != "net" || !homes.contains("net")))
        say(file, include.line, "includes <" + include.path + ">: not in a header");
    }
    if (!kPure.contains(file.folder)) return;
    const bool simdjson =
        include.path == "simdjson.h" && file.shown.starts_with("src/projectx/wire/") && !file.header;
    const bool foreign = include.path.find_first_of("./") != std::string::npos;
    if (foreign && !simdjson) say(file, include.line, "includes <" + include.path + ">: not the standard library");
    if (kImpureHeaders.contains(include.path)) say(file, include.line, "includes <" + include.path + ">: not pure");
  }

  void check_pure(const File& file) {
    for (std::size_t i = 0; i < file.text.code.size(); ++i) {
      for (const std::string& word : kImpureWords) {
        if (has_word(file.text.code[i], word)) say(file, static_cast<int>(i) + 1, "says '" + word + "'");
      }
    }
  }

  std::vector<File> ours_, paper_;
  Names folders_, internal_;
  std::vector<std::string> problems_;
};

}  // namespace

std::vector<std::string> check_layers(const std::filesystem::path& root) {
  return Check{root}.run();
}

}  // namespace rm::test
