#pragma once
// What a starting process needs to know of its predecessors, read from the database's rows.

#include "domain/contract_table.h"
#include "store/codec.h"
#include "store/recovered.h"

namespace SQLite {
class Database;
}

namespace rm {

// Errors (Malformed): a lock or an open enforcement cannot be understood. It is not passed over: what is not known is
// not allowed. Throws SQLite::Exception.
[[nodiscard]] Result<Recovered> read_recovered(SQLite::Database& database, ContractTable& contracts,
                                               const ResolveName& resolve);

}  // namespace rm
