#pragma once
// The SQLite file: WAL, every commit synced. Opened and recovered from on the start-up thread, then used by the store
// thread alone.

#include <cstdint>
#include <expected>
#include <filesystem>
#include <functional>
#include <memory>

#include "domain/contract_table.h"
#include "store/chain_writer.h"
#include "store/codec.h"
#include "store/record.h"
#include "store/recovered.h"

namespace rm {

class Database {
 public:
  // Creates or migrates. Errors (Io, Refused), one sentence: not writable, full, damaged, another program's, made by
  // a newer version.
  [[nodiscard]] static Result<std::unique_ptr<Database>> open(const std::filesystem::path& file);
  ~Database();
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  struct Batch {
    std::uint64_t records = 0, skipped = 0;
    std::uint64_t last_sequence = 0;
    bool has_decision = false, has_receipt = false;
  };
  using Visit = std::function<void(const JournalRecord&)>;
  // Writes the rows of every record that `source` shows in one transaction and moves the journal mark. A batch that
  // makes no rows costs no disk access and leaves the mark: read again after a restart it makes none again. `chain`,
  // as it is once the source was read, is kept with the rows, and even without any when it is urgent. On error
  // (SQLite's extended code) nothing is written.
  [[nodiscard]] std::expected<Batch, int> write(const std::function<void(const Visit&)>& source,
                                                const ChainUpdate* chain = nullptr);
  // Moves the mark to `sequence` although no rows came with it. False: not written, which costs a longer start only.
  bool write_mark(std::uint64_t sequence, const ChainUpdate& chain = {});

  [[nodiscard]] std::uint64_t journal_mark();        // throws nothing; 0 when it cannot be read
  [[nodiscard]] std::vector<ChainRow> chain_rows();  // in order; throws nothing; none when they cannot be read
  // The table of the heads was there once and was gone when the database was opened.
  [[nodiscard]] bool chain_table_was_gone() const;
  // Locks, open enforcements, days, trades, next ids. Contracts are interned into `contracts`. Errors: Malformed, Io.
  [[nodiscard]] Result<Recovered> recover(ContractTable& contracts, const ResolveName& resolve);

 private:
  struct Impl;
  explicit Database(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace rm
