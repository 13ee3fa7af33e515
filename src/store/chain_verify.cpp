#include "store/chain_verify.h"

#include <algorithm>
#include <chrono>
#include <set>
#include <thread>

#include "store/chain_rows.h"
#include "store/journal_files.h"
#include "store/loaded_segment.h"
#include "store/record_names.h"
#include "store/withheld.h"

namespace rm {
namespace {

std::string number(std::uint64_t value) {
  return std::to_string(value);
}

std::string name_of_file(const std::filesystem::path& file) {
  return file.filename().string();
}

class Verifier {
 public:
  // `heads_gone`: the database is there, but what it kept of the chain is not; a sentence.
  Verifier(const std::filesystem::path& dir, std::span<const ChainTip> anchors, const std::optional<KeptChain>& kept,
           std::string heads_gone, const std::stop_token& stop)
      : dir_{dir},
        anchors_{anchors.begin(), anchors.end()},
        kept_{kept},
        heads_gone_{std::move(heads_gone)},
        stop_{stop} {}

  Result<VerifiedJournal> run() {
    for (const std::uint64_t chain : list_chains(dir_)) chains_.insert(chain);
    for (const SegmentFile& file : list_segments(dir_)) segments_.insert(file.number);
    std::set<std::uint64_t> all = segments_;
    all.insert(chains_.begin(), chains_.end());
    if (kept_) {
      for (const ChainRow& row : kept_->rows) {
        if (!row.removed) all.insert(row.segment);
      }
    }
    if (all.empty()) return fail(ErrorCode::Io, "there is no journal in " + dir_.string());
    if (const auto foreign = list_foreign_files(dir_); !foreign.empty()) {
      say(name_of_file(foreign.front()) + " is no file of this journal, whose files are named like " +
          name_of_file(segment_file({}, *all.begin())) + ": it was put in");
      return std::move(report_);
    }
    for (const std::uint64_t segment : all) {
      if (stop_.stop_requested()) return fail(ErrorCode::Io, "it was not read to its end");
      if (const auto done = look_at(segment); !done) return std::unexpected{done.error()};
      if (!report_.intact()) return std::move(report_);
    }
    conclude();
    return std::move(report_);
  }

 private:
  // ── one file ──
  Result<void> look_at(std::uint64_t segment) {
    row_ = row_of(segment);
    if (!segments_.contains(segment)) return without_segment(segment);
    auto file = LoadedSegment::load(segment_file(dir_, segment));
    if (!file) return std::unexpected{file.error()};
    names_.forget_bytes();
    file_ = std::move(*file);
    if (!chains_.contains(segment)) return without_chain(segment), Result<void>{};
    const auto chain = read_chain(chain_file(dir_, segment));
    if (!chain && chain.error().code != ErrorCode::Malformed) return std::unexpected{chain.error()};
    if (!chain) return say(chain.error().message), Result<void>{};
    ++report_.files;
    if (begins_right(segment, chain->header)) follow(segment, *chain);
    return {};
  }

  Result<void> without_segment(std::uint64_t segment) {
    if (row_ && row_->removed) return {};  // half removed by the program itself: its hashes are all that is left
    std::uint64_t first = row_ ? row_->first_sequence : 0, last = row_ ? row_->last_sequence : 0;
    if (const auto chain = read_chain(chain_file(dir_, segment)); chain && !chain->entries.empty()) {
      first = chain->header.first_sequence;
      last = std::max<std::uint64_t>(last, first + chain->entries.size() - 1);
    }
    say(record_range(first, last) + " missing: " + name_of_file(segment_file(dir_, segment)) +
        " is gone, and the program did not remove it");
    return {};
  }

  void without_chain(std::uint64_t segment) {
    if (file_.only_zeros()) return;  // made ready by a process that was killed then
    const std::string file = name_of_file(segment_file(dir_, segment));
    if (!file_.is_of(segment)) return say(file + " is not the journal file of that number");
    const auto& records = file_.records();
    if (records.empty()) return;  // made ready for what comes next
    const std::uint64_t first = records.front().record.sequence;
    if (is_followed(segment)) {
      return say("the chain of " + record_range(first, records.back().record.sequence) + " is missing: there is no " +
                 name_of_file(chain_file(dir_, segment)));
    }
    report_.cannot_tell = !kept_ && heads_gone_.empty() && chains_.empty();
    if (report_.cannot_tell) return say("it has no chain of hashes, it was written by a version that made none");
    ++report_.files;
    follow(segment, ChainFile{without_file(segment, records), {}});  // as its process, or the next start, will
  }

  // Where the head in the database is one of the older form, the file that is gone was.
  ChainHeader without_file(std::uint64_t segment, const std::vector<PlacedRecord>& records) {
    ChainHeader older{segment, at_, records.front().record.sequence, ChainVersion::One};
    Sha256 hash = hash_(encoded(older));
    for (const PlacedRecord& placed : records) {
      hash = linked(hash_, older.version, hash, placed.raw);
      if (row_ && row_->last_sequence == placed.record.sequence && row_->head == hash) return older;
    }
    return {segment, at_, records.front().record.sequence};
  }

  // What was not chained can only be the end: behind the last file that has hashes, and in it.
  [[nodiscard]] bool is_followed(std::uint64_t segment) const {
    return chains_.upper_bound(segment) != chains_.end();
  }

  bool begins_right(std::uint64_t segment, const ChainHeader& header) {
    const std::string chain = name_of_file(chain_file(dir_, segment));
    if (header.segment != segment)
      return say(chain + " belongs to file " + number(header.segment) + ": it was put in the place of another"),
             false;
    if (!file_.is_of(segment)) {
      return say(record_range(header.first_sequence, header.first_sequence) +
                 " and what follows are missing: " + name_of_file(segment_file(dir_, segment)) +
                 " is not the journal file of that number: its beginning was altered, or it was put in its place"),
             false;
    }
    if (at_.segment == 0) return begin_at(header), true;
    if (header.before == at_) {
      if (header.first_sequence != at_.sequence + 1)
        report_.remarks.push_back(record_range(at_.sequence + 1, header.first_sequence - 1) +
                                  " never reached a file: the disk refused journal files then");
      return true;
    }
    return say(broken_link(header)), false;
  }

  void begin_at(const ChainHeader& header) {
    at_ = header.before;
    if (header.before.segment == 0) return;
    const bool removed = kept_ && std::ranges::any_of(kept_->rows, [&](const ChainRow& row) {
                           return row.segment == header.before.segment && row.removed;
                         });
    report_.remarks.push_back("it begins with record " + number(header.first_sequence) + ": " +
                              record_range(1, header.before.sequence) +
                              (removed ? " were removed by the program, which keeps only so many files"
                                       : " are not here, and nothing is said of them"));
  }

  [[nodiscard]] std::string broken_link(const ChainHeader& header) {
    const std::string next = name_of_file(segment_file(dir_, header.segment));
    if (header.before.segment > at_.segment) {
      return record_range(at_.sequence + 1, header.before.sequence) + " missing: the file before " + next + ", " +
             name_of_file(segment_file(dir_, header.before.segment)) + ", is gone" + names_.since_last();
    }
    if (header.before.segment == at_.segment && header.before.sequence > at_.sequence) {
      return record_range(at_.sequence + 1, header.before.sequence) + " missing: the end of " +
             name_of_file(segment_file(dir_, at_.segment)) + " was cut off" + names_.since_last();
    }
    return record_range(first_of_file_, at_.sequence) + " in " + name_of_file(segment_file(dir_, at_.segment)) +
           " are not what was written: " + next + " goes on from another head of the chain";
  }

  // ── its records ──
  void follow(std::uint64_t segment, const ChainFile& chain) {
    const ChainHeader& header = chain.header;
    at_ = {segment, at_.sequence, hash_(encoded(header))};
    first_of_file_ = header.first_sequence;
    if (report_.first_sequence == 0) report_.first_sequence = header.first_sequence;
    const auto& records = file_.records();
    for (std::size_t i = 0; i < records.size() && report_.intact(); ++i) {
      const std::uint64_t expected = header.first_sequence + i;
      if (records[i].record.sequence != expected) return say(out_of_order(records, i, expected, chain));
      compare(segment, records, i, chain);
    }
    if (!report_.intact()) return;
    const std::uint64_t behind = header.first_sequence + records.size();  // the sequence that is not there
    if (records.size() < chain.entries.size()) return say(cut_short(records.size(), chain));
    if (row_ && row_->last_sequence >= behind) {
      return say(record_range(behind, row_->last_sequence) +
                 " missing: " + name_of_file(segment_file(dir_, segment)) +
                 " ends before the head of the chain that the database keeps" + names_.since_last());
    }
    if (was_whole() && chain.entries.size() < records.size()) return say(chain_cut(segment, chain, behind - 1));
    if (!file_.zeros_behind()) {
      report_.remarks.push_back("what stands behind record " + number(behind - 1) +
                                " is no whole record: it is being written, or was when the process was killed");
    }
  }

  // A file is whole for the database before its last hashes are written: only when the newest one is so as well, the
  // process that did that has ended in order, or a start has put it right.
  [[nodiscard]] bool was_whole() const { return row_ && row_->complete && kept_->rows.back().complete; }

  [[nodiscard]] std::string chain_cut(std::uint64_t segment, const ChainFile& chain, std::uint64_t last) const {
    return "the chain of " + record_range(chain.header.first_sequence + chain.entries.size(), last) +
           " is missing: " + name_of_file(chain_file(dir_, segment)) +
           (chains_.contains(segment) ? " was cut" : " is gone") + ", and it was whole when its process had ended";
  }

  void compare(std::uint64_t segment, const std::vector<PlacedRecord>& records, std::size_t i,
               const ChainFile& chain) {
    const JournalRecord& record = records[i].record;
    const bool chained = i < chain.entries.size();
    Sha256 hash = linked(hash_, chain.header.version, at_.hash, records[i].raw);
    const bool behind = row_ && row_->complete && record.sequence > row_->last_sequence;
    if (behind || (!chained && is_followed(segment)))
      return say(names_.name(record) + " was added behind the end of the chain of its file");
    if (record.type == kWithheld) {
      const auto place = withheld(record, chain, i);
      if (!place) return;
      hash = *place;
    }
    if (chained && hash != chain.entries[i].hash) return say(altered(records, i, chain, hash));
    if (chained && record.type != kWithheld && record.type != chain.entries[i].type)
      return say("the chain of " + names_.name(record) + " is altered: it names another type");
    if (!chained) ++report_.unchained;
    at_ = {segment, record.sequence, hash};
    if (chained) report_.vouched_for = record.sequence;
    count(record);
    check_heads(record);
  }

  // The hash that the record in the place of the note had; none: it has no business there.
  std::optional<Sha256> withheld(const JournalRecord& record, const ChainFile& chain, std::size_t i) {
    const bool chained = i < chain.entries.size();
    const auto note = read_withheld(record);
    const bool by_place = chain.header.version == ChainVersion::One;  // nothing else says what stood there
    if (kept_) {
      say(names_.name(record) + " was replaced by a note that it is withheld: only an exported copy has such");
    } else if (by_place ? !chained : !note) {
      say(names_.name(record) + " was replaced by a note that does not say what it was");
    } else {
      const RecordType type = by_place ? chain.entries[i].type : note->type;
      if (!may_be_withheld(type)) {
        say("record " + number(record.sequence) + " (" + std::string{name_of(type)} +
            ") was taken out of this copy: only what holds a configuration may be withheld");
      } else if (chained && type != chain.entries[i].type) {
        say(names_.name(record) + " is altered: the chain names another type than the note in its place");
      } else {
        ++report_.withheld;
        withheld_ += (withheld_.empty() ? "" : ", ") + ("record " + number(record.sequence)) + " (" +
                     std::string{name_of(type)} + ")";
        types_on_trust_ |= by_place;
        return by_place ? chain.entries[i].hash : hash_(at_.hash, note->link);
      }
    }
    return std::nullopt;
  }

  void check_heads(const JournalRecord& record) {
    if (row_ && row_->last_sequence == at_.sequence) {
      if (row_->head != at_.hash) {
        return say(record_range(first_of_file_, at_.sequence) + " in " +
                   name_of_file(segment_file(dir_, at_.segment)) +
                   " are not what was written: the database keeps another head for " + names_.name(record));
      }
      report_.vouched_for = at_.sequence;
    }
    std::erase_if(anchors_, [&](const ChainTip& anchor) {
      if (anchor.sequence != at_.sequence) return false;
      ++report_.compared_heads;
      report_.vouched_for = at_.sequence;
      if (anchor.hash != at_.hash)
        say("the journal up to " + names_.name(record) + " is not the one whose head was given: it was written anew");
      return true;
    });
  }

  // ── words ──
  [[nodiscard]] std::string out_of_order(const std::vector<PlacedRecord>& records, std::size_t i,
                                         std::uint64_t expected, const ChainFile& chain) {
    const bool elsewhere =
        std::ranges::any_of(records, [&](const PlacedRecord& placed) { return placed.record.sequence == expected; });
    if (elsewhere || records[i].record.sequence < expected)
      return names_.name(records[i].record) + " stands where record " + number(expected) +
             " was: the order was changed";
    std::string text = "record " + number(expected);
    if (i < chain.entries.size()) text += " (" + std::string{name_of(chain.entries[i].type)} + ")";
    return text + " is missing: " + names_.name(records[i].record) + " stands in its place" + names_.since_last();
  }

  [[nodiscard]] std::string cut_short(std::size_t found, const ChainFile& chain) {
    const std::uint64_t expected = chain.header.first_sequence + found;
    const std::string what =
        "record " + number(expected) + " (" + std::string{name_of(chain.entries[found].type)} + ")";
    const std::uint64_t last = chain.header.first_sequence + chain.entries.size() - 1;
    if (!file_.zeros_behind() && !file_.ends_within_a_record())
      return what + " is altered: its checksum does not fit its bytes" + names_.since_last();
    return what + (last == expected ? "" : " and all to " + number(last)) + " missing: the end of " +
           name_of_file(segment_file(dir_, chain.header.segment)) + " was cut off" +
           (file_.zeros_behind() ? "" : ", in the middle of a record") + names_.since_last();
  }

  // A record that fits what follows it was not changed: the chain file was.
  [[nodiscard]] std::string altered(const std::vector<PlacedRecord>& records, std::size_t i, const ChainFile& chain,
                                    const Sha256& hash) {
    if (i + 1 < records.size() && i + 1 < chain.entries.size() &&
        linked(hash_, chain.header.version, hash, records[i + 1].raw) == chain.entries[i + 1].hash)
      return "the chain of " + names_.name(records[i].record) + " is altered; the record itself fits what follows";
    return names_.name(records[i].record) + " is altered: it is not what was chained";
  }

  // ── all of it ──
  void count(const JournalRecord& record) {
    ++report_.records;
    if (report_.first_sequence == 0) report_.first_sequence = record.sequence;
    names_.passed(record);
  }

  void conclude() {
    report_.first_time = names_.first_time();
    report_.last_time = names_.newest_time();
    report_.head = at_;
    for (const ChainTip& anchor : anchors_)
      say("there is no record " + number(anchor.sequence) + " here to compare the given head with");
    if (!heads_gone_.empty()) say(heads_gone_);
    if (kept_ && kept_->rows.empty() && kept_->taken > 0 && !chains_.empty())
      say("the heads of its chain are gone: the database has taken the records to " + number(kept_->taken) +
          ", and its table journal_chain is empty");
    if (const std::string open = unvouched(report_); !kept_ && !open.empty()) {
      report_.cannot_tell |= report_.intact();
      say(open + ", and there is no database beside it that knows more");
    }
    if (!kept_ && heads_gone_.empty() && report_.compared_heads == 0) {
      report_.remarks.emplace_back(kNoDatabase);
    }
    if (!withheld_.empty()) {
      report_.remarks.push_back("withheld from this copy, for the secrets in it: " + withheld_ +
                                (types_on_trust_ ? "; the chain vouches for the place, the type is taken on trust"
                                                 : "; the chain vouches for place and type"));
    }
  }

  void say(std::string problem) {
    if (report_.problem.empty()) report_.problem = std::move(problem);
  }

  [[nodiscard]] std::optional<ChainRow> row_of(std::uint64_t segment) const {
    if (!kept_) return std::nullopt;
    const auto found = std::ranges::find(kept_->rows, segment, &ChainRow::segment);
    return found == kept_->rows.end() ? std::nullopt : std::optional{*found};
  }

  const std::filesystem::path& dir_;
  std::vector<ChainTip> anchors_;
  const std::optional<KeptChain>& kept_;
  std::string heads_gone_;
  const std::stop_token& stop_;
  std::set<std::uint64_t> segments_, chains_;
  Sha256Maker hash_;
  RecordNames names_;
  VerifiedJournal report_;
  ChainTip at_;
  std::string withheld_;
  bool types_on_trust_ = false;

  // of the file that is looked at
  std::optional<ChainRow> row_;
  LoadedSegment file_;
  std::uint64_t first_of_file_ = 0;
};

}  // namespace

std::string unvouched(const VerifiedJournal& report) {
  if (report.head.sequence <= report.vouched_for) return {};
  const std::uint64_t first = std::max(report.vouched_for + 1, report.first_sequence);
  const bool one = first == report.head.sequence;
  return record_range(first, report.head.sequence) + (one ? " is" : " are") +
         " not chained yet: nothing vouches for " + (one ? "it" : "them");
}

Result<VerifiedJournal> verify_journal(const std::filesystem::path& dir, std::span<const ChainTip> anchors,
                                       const std::stop_token& stop) {
  std::error_code code;
  if (const std::filesystem::directory_iterator readable{dir, code}; code)
    return fail(ErrorCode::Io, "the journal directory " + dir.string() + " cannot be read: " + code.message());
  // A process that goes on while it is read may end a file in between: what is really wrong stays wrong.
  constexpr int kTries = 8;
  for (int i = 1;; ++i) {
    const auto kept = load_kept_chain(dir);
    const bool gone = !kept && kept.error().code == ErrorCode::Malformed;
    if (!kept && !gone) return std::unexpected{kept.error()};
    const auto known = gone ? std::optional<KeptChain>{} : *kept;
    auto report = Verifier{dir, anchors, known, gone ? kept.error().message : std::string{}, stop}.run();
    if (i == kTries || stop.stop_requested() || (report && (report->intact() || report->cannot_tell))) return report;
    std::this_thread::sleep_for(std::chrono::milliseconds{10});
  }
}

}  // namespace rm
