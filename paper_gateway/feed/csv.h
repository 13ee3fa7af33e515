#pragma once
// Comma-separated text with a header line: enough for recorded prices. Quoting is not needed and not accepted.
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace paper {

struct CsvRow {
  std::size_t line = 0;                  // in the file, from 1
  std::vector<std::string_view> fields;  // views into the text; surrounding blanks removed
};

struct CsvTable {
  std::vector<std::string> columns;  // lower case
  std::vector<CsvRow> rows;          // empty lines and lines beginning with '#' are left out

  // Index of the first of these names that the header has.
  std::optional<std::size_t> column(std::initializer_list<std::string_view> names) const;
};

// `text` must outlive the table.
CsvTable read_csv(std::string_view text);

}  // namespace paper
