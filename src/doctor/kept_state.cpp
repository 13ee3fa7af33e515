#include "doctor/kept_state.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cstdlib>
#include <vector>

#include "control/words.h"
#include "domain/counted.h"
#include "rules/registry.h"
#include "runtime/kept_config.h"
#include "store/inspect.h"
#include "store/journal_files.h"
#include "store/migrations.h"
#include "store/store.h"

namespace rm {
namespace {

namespace fs = std::filesystem;

constexpr const char* kDatabase = "risk-manager.db";
constexpr std::string_view kToDoDamaged =
    "stop here and keep a copy; then see 'damaged' in docs/troubleshooting.md: without it, its locks are gone";

// A copy of database and journal for us alone, gone afterwards. SQLite could not even look at the original without
// leaving files beside it.
class Copy {
 public:
  explicit Copy(const fs::path& data_dir) {
    std::string dir = (fs::temp_directory_path() / "risk-manager-doctor-XXXXXX").string();
    if (::mkdtemp(dir.data()) == nullptr) throw fs::filesystem_error{"no temporary directory", std::error_code{}};
    dir_ = dir;
    for (const auto* ending : {"", "-wal"}) {
      const std::string name = std::string{kDatabase} + ending;
      if (fs::exists(data_dir / name)) fs::copy_file(data_dir / name, dir_ / name);
    }
    for (const SegmentFile& segment : list_segments(data_dir))
      fs::copy_file(segment.path, dir_ / segment.path.filename());
  }
  ~Copy() {
    std::error_code ignored;
    fs::remove_all(dir_, ignored);
  }
  Copy(const Copy&) = delete;
  Copy& operator=(const Copy&) = delete;
  [[nodiscard]] const fs::path& dir() const { return dir_; }

 private:
  fs::path dir_;
};

// A sentence about the copy is about the original.
std::string of_the_original(std::string text, const fs::path& copy, const fs::path& original) {
  for (auto at = text.find(copy.string()); at != std::string::npos; at = text.find(copy.string(), at + 1))
    text.replace(at, copy.string().size(), original.string());
  return text;
}

bool sound(const Copy& copy, const fs::path& data_dir, Examination& examination) {
  const auto look = look_at_database(copy.dir() / kDatabase);
  if (!look) {
    examination.fail("database", of_the_original(look.error().message, copy.dir(), data_dir),
                     std::string{kToDoDamaged});
  } else if (!look->damage.empty()) {
    examination.fail("database", fmt::format("damaged: {}", fmt::join(look->damage, "; ")),
                     std::string{kToDoDamaged});
  } else if (look->schema_version > kSchemaVersion) {
    examination.fail(
        "database",
        fmt::format("its schema version {} is newer than this program's, {}", look->schema_version, kSchemaVersion),
        "use the newer version of the program");
  } else {
    examination.ok(
        "database",
        fmt::format("intact, schema version {}{}", look->schema_version,
                    look->schema_version < kSchemaVersion ? ", brought up to date at the next start" : ""));
    return true;
  }
  return false;
}

std::string_view rule_name(std::string_view name) {
  const RuleSpec* spec = find_rule(name);
  return spec != nullptr ? spec->name : std::string_view{};
}

std::string text_of(const Lock& lock, const ContractTable& contracts) {
  return fmt::format("account {} is locked by {} {}: {}", lock.account.value(), lock.rule, until_text(lock.until),
                     reason_text(lock.reason, contracts));
}

// Opens the copy as the next start would open the original.
void examine_locks(const Copy& copy, const fs::path& data_dir, Examination& examination) {
  constexpr std::size_t kSmallSegment = 64 * 1024;  // nothing is recorded here
  ContractTable contracts;
  StoreOptions options;
  options.segment_bytes = kSmallSegment;
  const auto store = Store::open(copy.dir(), contracts, rule_name, options);
  if (!store)
    return examination.fail("locks", of_the_original(store.error().message, copy.dir(), data_dir),
                            "it does not start without its locks: see the sentence in docs/troubleshooting.md");
  const Recovered& recovered = (*store)->recovered();
  std::vector<std::string> seen;
  seen.reserve(recovered.locks.size() + 1);
  for (const Lock& lock : recovered.locks) seen.push_back(text_of(lock, contracts));
  if (!recovered.enforcements.empty())
    seen.push_back(fmt::format("{} unfinished, the next start goes on with those of this trading day",
                               counted(recovered.enforcements.size(), "enforcement")));
  if (const auto kept = kept_configs(recovered); !kept)
    return examination.warn("locks", "what was in force is not readable any more: " + kept.error().message,
                            "the configuration file counts as it is at the next start");
  examination.ok("locks", seen.empty() ? "none holds" : fmt::format("{}", fmt::join(seen, "; ")));
}

}  // namespace

void examine_kept_state(const fs::path& data_dir, const RunningDaemon& daemon, Examination& examination) {
  if (daemon.may_run()) return examine_store_of(daemon, data_dir / kDatabase, examination);
  std::error_code ignored;
  const bool there = fs::exists(data_dir / kDatabase, ignored);
  if (!there && list_segments(data_dir).empty()) {
    examination.ok("database", "not there yet, the first start makes it");
    return examination.ok("locks", "none: there is no database yet");
  }
  try {
    const Copy copy{data_dir};
    if (!there)
      examination.warn("database", "it is gone, but its journal is there",
                       "put it back if you moved it; else the next start makes one of what the journal still has");
    if (!there || sound(copy, data_dir, examination)) examine_locks(copy, data_dir, examination);
  } catch (const std::exception& problem) {
    examination.rest_not_checked({"database"}, fmt::format("no copy could be made: {}", problem.what()));
  }
  examination.rest_not_checked({"locks"}, "the database could not be read");
}

}  // namespace rm
