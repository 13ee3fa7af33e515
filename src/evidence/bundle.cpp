#include "evidence/bundle.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <span>

#include "evidence/configs_in_force.h"
#include "evidence/manifest.h"
#include "evidence/record_words.h"
#include "evidence/tar.h"
#include "evidence/vouching.h"
#include "store/chain_rows.h"
#include "store/codec.h"
#include "store/journal_files.h"
#include "store/segment.h"
#include "store/withheld.h"

namespace rm {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;
using Bytes = std::vector<std::byte>;

constexpr const char* kReadme = R"(The journal of a risk manager, exported.

records.jsonl           every record in the range, one JSON object a line, in order; "words" says it in a sentence
configuration-N.yaml    what was in force from record N on
versions.json           the programs that wrote it, and the one that exported it
chain.json              where the journal ends and the heads of its chain of hashes, and what verifying the whole
                        journal found before
journal/                the journal files as they are: journal-N.seg the records, journal-N.chain their hashes
SHA256SUMS              of all these files: sha256sum -c SHA256SUMS

Each record's hash (SHA-256) covers its bytes and the hash before it. To verify that nothing in journal/ was changed,
taken out, put in or moved:

  risk-manager journal verify .

and, with a head that was kept elsewhere at the time (a line "journal_head" of the log), that it is the same journal:

  risk-manager journal verify . --head NUMBER:HASH

A record that held a secret is withheld: a note stands in its place, which fits the chain only with the number, the
type and the length of that record.

A journal that was written anew as a whole, by somebody who also wrote chain.json, shows only with such a head.

The chain vouches for journal/ alone. records.jsonl and configuration-N.yaml are what was in it when it was exported;
to have them from journal/ itself, whoever handed this over:

  risk-manager journal export . --to anew
)";

std::unexpected<Error> cannot_write(const fs::path& file) {
  return fail(ErrorCode::Io, file.string() + " cannot be written: " + std::strerror(errno == 0 ? EIO : errno));
}

Result<void> write_file(const fs::path& file, std::span<const std::byte> bytes) {
  errno = 0;
  std::ofstream out{file, std::ios::binary};
  out.write(reinterpret_cast<const char*>(bytes.data()), static_cast<std::streamsize>(bytes.size()));
  out.close();
  if (!out) return cannot_write(file);
  return {};
}

Result<void> write_text(const fs::path& file, std::string_view text) {
  return write_file(file, std::as_bytes(std::span{text.data(), text.size()}));
}

std::string pretty(const Json& json) {
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

struct Copied {  // one journal file
  std::uint64_t number = 0;
  Bytes segment, chain;
  std::uint64_t first = 0, last = 0, withheld = 0;
  bool in_range = false;
};

class Exporter {
 public:
  Exporter(const fs::path& journal, const fs::path& folder, const BundleRange& range)
      : journal_{journal}, folder_{folder}, range_{range} {}

  Result<Bundle> run(VerifiedJournal verified, BrokerTime exported_at) {
    bundle_.verified = std::move(verified);
    std::error_code code;
    fs::create_directories(folder_ / "journal", code);
    if (code) return fail(ErrorCode::Io, folder_.string() + " cannot be made: " + code.message());
    fs::permissions(folder_, fs::perms::owner_all, code);
    if (const auto copied = copy_journal(); !copied) return std::unexpected{copied.error()};
    if (!seen_ && !bundle_.verified.intact())
      return fail(ErrorCode::NotFound,
                  fmt::format("there is nothing to export in {}: {}", journal_.string(), bundle_.verified.problem));
    if (bundle_.records == 0) return fail(ErrorCode::NotFound, "the journal has no record in that time");
    for (const auto& written :
         {write_text(folder_ / "README.txt", kReadme), write_text(folder_ / "versions.json", versions(exported_at)),
          write_text(folder_ / kManifestFile, chain()), write_sums()})
      if (!written) return std::unexpected{written.error()};
    return std::move(bundle_);
  }

 private:
  Result<void> copy_journal() {
    lines_.open(folder_ / "records.jsonl", std::ios::binary);
    for (const SegmentFile& file : list_segments(journal_)) {
      auto copied = copy(file);
      if (!copied) return std::unexpected{copied.error()};
      if (!copied->in_range) continue;
      if (const auto kept = keep(*copied); !kept) return kept;
    }
    lines_.close();
    if (!lines_) return cannot_write(folder_ / "records.jsonl");
    return {};
  }

  // The hashes are read before the records: a process that goes on writing has more of those.
  Result<Copied> copy(const SegmentFile& file) {
    Copied copied;
    copied.number = file.number;
    if (fs::exists(chain_file(journal_, file.number))) {
      auto chain = load_journal_file(chain_file(journal_, file.number));
      if (!chain) return std::unexpected{chain.error()};
      copied.chain = std::move(*chain);
    }
    const auto bytes = load_journal_file(file.path);
    if (!bytes) return std::unexpected{bytes.error()};
    if (bytes->size() < kSegmentHeader) return copied;
    copied.segment.assign(bytes->begin(), bytes->begin() + kSegmentHeader);
    const std::span<const std::byte> all = *bytes;
    for (std::size_t at = kSegmentHeader;;) {
      const ReadRecord next = read_record(all.subspan(at));
      if (next.kind != ReadRecord::Kind::Record) break;
      take(next.record, all.subspan(at, next.bytes), copied);
      at += next.bytes;
    }
    return copied;
  }

  void take(const JournalRecord& record, std::span<const std::byte> raw, Copied& copied) {
    seen_ = true;
    const RecordWords words = reader_.words(record);
    if (words.at) now_ = *words.at;
    if (copied.first == 0) copied.first = record.sequence;
    copied.last = record.sequence;
    const auto config = config_in(record);
    if (config && config->secret) {
      withhold(record, raw, copied);
    } else {
      copied.segment.insert(copied.segment.end(), raw.begin(), raw.end());
    }
    if (record.type == RecordType::RunBegins) note_version(record);
    configs_.take(record, config);
    if ((range_.from && now_ < *range_.from) || (range_.to && now_ > *range_.to)) return;
    copied.in_range = true;
    ++bundle_.records;
    for (const auto& [number, yaml] : configs_.newly_in_force()) keep_config(number, yaml);
    lines_ << words.json << '\n';
  }

  void withhold(const JournalRecord& record, std::span<const std::byte> raw, Copied& copied) {
    const Bytes instead =
        withheld_note(raw, fmt::format("{}: it holds the arguments of notify.command", name_of(record.type)));
    copied.segment.insert(copied.segment.end(), instead.begin(), instead.end());
    ++copied.withheld;
  }

  void note_version(const JournalRecord& record) {
    ContractTable unused;
    if (const auto begins = decode<RunBegins>(record.payload, unused, {}))
      runs_.push_back(
          {{"record", record.sequence}, {"at", format_timestamp(begins->at)}, {"version", begins->version}});
  }

  void keep_config(std::uint64_t record, const std::string& yaml) {
    const auto file = folder_ / fmt::format("configuration-{}.yaml", record);
    if (const auto written = write_text(file, yaml); !written) lines_.setstate(std::ios::failbit);
  }

  Result<void> keep(const Copied& copied) {
    const auto segment = segment_file(folder_ / "journal", copied.number);
    if (const auto written = write_file(segment, copied.segment); !written) return written;
    Json row{{"file", segment.filename().string()},
             {"first_record", copied.first},
             {"last_record", copied.last},
             {"withheld", copied.withheld}};
    if (!copied.chain.empty()) {
      const auto target = chain_file(folder_ / "journal", copied.number);
      if (const auto written = write_file(target, copied.chain); !written) return written;
      if (const auto chain = read_chain(target)) {
        row["goes_on_from"] =
            chain->header.before.sequence == 0 ? Json(nullptr) : Json(text_of(chain->header.before));
        if (!chain->entries.empty())
          row["head"] = text_of(ChainTip{copied.number, chain->header.first_sequence + chain->entries.size() - 1,
                                         chain->entries.back().hash});
      }
    }
    files_.push_back(std::move(row));
    ++bundle_.files;
    bundle_.withheld += copied.withheld;
    return {};
  }

  [[nodiscard]] std::string versions(BrokerTime exported_at) const {
    return pretty({{"exported_by", std::string{"risk-manager "} + RM_VERSION},
                   {"exported_at", format_timestamp(exported_at)},
                   {"from", range_.from ? Json(format_timestamp(*range_.from)) : Json(nullptr)},
                   {"to", range_.to ? Json(format_timestamp(*range_.to)) : Json(nullptr)},
                   {"runs", runs_}});
  }

  // Where the copy ends: whoever verifies it can see that it is whole. Null: it does not fit together.
  [[nodiscard]] Json whole() const {
    const auto copy = verify_journal(folder_ / "journal", {});
    if (!copy || (!copy->intact() && !copy->cannot_tell)) return nullptr;
    return {{"records", copy->records}, {"first_record", copy->first_sequence}, {"head", text_of(copy->head)}};
  }

  [[nodiscard]] std::string chain() const {
    const VerifiedJournal& v = bundle_.verified;
    Json kept = Json::array();
    if (const auto known = load_kept_chain(journal_); known && *known) {
      for (const ChainRow& row : (*known)->rows)
        kept.push_back({{"file", row.segment},
                        {"head", text_of(ChainTip{row.segment, row.last_sequence, row.head})},
                        {"removed", row.removed}});
    }
    return pretty({{kWhole, whole()},
                   {"files", files_},
                   {"heads_in_the_database", kept},
                   {"verified_before_the_export",
                    {{"intact", v.intact()},
                     {"problem", v.intact() ? Json(nullptr) : Json(v.problem)},
                     {"remarks", v.remarks},
                     {"records", v.records},
                     {"head", v.head.sequence == 0 ? Json(nullptr) : Json(text_of(v.head))}}}});
  }

  Result<void> write_sums() const {
    const auto sums = sums_of(folder_);
    if (!sums) return std::unexpected{sums.error()};
    return write_text(folder_ / kSumsFile, *sums);
  }

  const fs::path& journal_;
  fs::path folder_;
  const BundleRange& range_;
  RecordReader reader_;
  Bundle bundle_;
  std::ofstream lines_;
  BrokerTime now_;  // of the last record that has a time: those without come from then
  bool seen_ = false;
  ConfigsInForce configs_;
  Json runs_ = Json::array(), files_ = Json::array();
};

// Something that is named like an archive and is no .tar would be a folder of that name, to everybody's surprise.
Result<void> check_target(const fs::path& to) {
  std::string name = (to.has_filename() ? to : to.parent_path()).filename().string();
  std::ranges::transform(name, name.begin(), [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  const bool archive = std::ranges::any_of(
      std::array{".tar", ".gz", ".tgz", ".xz", ".txz", ".bz2", ".tbz2", ".zst", ".zip", ".7z", ".rar"},
      [&](const char* ending) { return name.ends_with(ending); });
  if (!archive || (to.extension() == ".tar" && !to.stem().empty())) return {};
  return fail(
      ErrorCode::Malformed,
      fmt::format("--to: found '{}', allowed is a new folder, or a new file that ends in .tar, such as case.tar",
                  to.string()));
}

}  // namespace

Result<Bundle> write_bundle(const fs::path& given, const fs::path& to, const BundleRange& range,
                            BrokerTime exported_at) {
  if (const auto allowed = check_target(to); !allowed) return std::unexpected{allowed.error()};
  auto verified = verify_place(given, {});
  if (!verified) return std::unexpected{verified.error()};
  const fs::path journal = place_of(given).journal;
  std::error_code code;
  if (fs::exists(fs::symlink_status(to, code)))
    return fail(ErrorCode::Refused, to.string() + " is there already: name a new file or folder");
  // A mistyped path is not to become folders.
  const fs::path parent = (to.has_filename() ? to : to.parent_path()).parent_path();
  if (!parent.empty() && !fs::is_directory(parent, code))
    return fail(ErrorCode::Io,
                fmt::format("{} cannot be written: there is no folder {}", to.string(), parent.string()));
  const bool as_file = to.extension() == ".tar";
  const fs::path folder = as_file ? fs::path{to.string() + ".part"} : to;
  if (as_file && fs::exists(folder, code))
    return fail(ErrorCode::Refused, folder.string() + " is there already: take it away first");
  auto bundle = Exporter{journal, folder, range}.run(std::move(*verified), exported_at);
  if (bundle && as_file) {
    if (const auto written = write_tar(folder, to.stem().string(), to); !written)
      bundle = std::unexpected{written.error()};
  }
  if (as_file || !bundle) fs::remove_all(folder, code);
  return bundle;
}

}  // namespace rm
