#pragma once
// A store on a directory of the test, as the daemon opens it.

#include <gtest/gtest.h>
#include <sqlite3.h>

#include <filesystem>
#include <memory>
#include <string>

#include "samples.h"
#include "store/store.h"

namespace rm::samples {

inline std::string_view known_rule(std::string_view name) {
  for (const std::string_view rule : {"daily_loss", "max_contracts", "daily_unrealized_loss", "auth_loss_guard"}) {
    if (rule == name) return rule;
  }
  return {};
}

inline StoreOptions small_store() {
  StoreOptions options;
  options.segment_bytes = 64 << 10;
  options.keep_segments = 4;
  return options;
}

struct OpenStore {
  explicit OpenStore(const std::filesystem::path& dir, StoreOptions options = small_store())
      : store{Store::open(dir, contracts, known_rule, std::move(options))} {}
  Store* operator->() { return store->get(); }
  ContractTable contracts;
  Result<std::unique_ptr<Store>> store;
};

// The first column of the first row, read with the database's own library.
inline std::string query(const std::filesystem::path& dir, const std::string& sql) {
  sqlite3* database = nullptr;
  sqlite3_stmt* statement = nullptr;
  std::string text = "error";
  if (sqlite3_open_v2((dir / "risk-manager.db").c_str(), &database, SQLITE_OPEN_READWRITE, nullptr) == SQLITE_OK &&
      sqlite3_prepare_v2(database, sql.c_str(), -1, &statement, nullptr) == SQLITE_OK) {
    const int code = sqlite3_step(statement);
    const auto* found = code == SQLITE_ROW ? sqlite3_column_text(statement, 0) : nullptr;
    text = found != nullptr                            ? reinterpret_cast<const char*>(found)
           : code == SQLITE_DONE || code == SQLITE_ROW ? ""
                                                       : "error";
  }
  sqlite3_finalize(statement);
  sqlite3_close(database);
  return text;
}

}  // namespace rm::samples
