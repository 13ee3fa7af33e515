#pragma once
// What each journal record becomes in the database. Store thread (or start-up, before it runs).

#include <memory>

#include "domain/contract_table.h"
#include "store/record.h"

namespace SQLite {
class Database;
}

namespace rm {

class RowWriter {
 public:
  // `contracts` is the writer's own: nobody else may touch it while the writer works.
  RowWriter(SQLite::Database& database, ContractTable& contracts);
  ~RowWriter();

  // Inside the caller's transaction. False: the record cannot be read (it is passed over). Throws SQLite::Exception.
  bool apply(const JournalRecord& record);
  // Sets the journal mark and the highest ids used.
  void write_mark(std::uint64_t sequence);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace rm
