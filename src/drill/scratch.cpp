#include "drill/scratch.h"

#include <stdlib.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

namespace rm::drill {

Result<std::unique_ptr<Scratch>> Scratch::make(std::string_view purpose) {
  std::error_code problem;
  const auto parent = std::filesystem::temp_directory_path(problem);
  if (problem) return fail(ErrorCode::Io, "there is no directory for temporary files (TMPDIR): " + problem.message());
  std::string name = (parent / ("risk-manager-" + std::string{purpose} + "-XXXXXX")).string();
  if (mkdtemp(name.data()) == nullptr)
    return fail(ErrorCode::Io, "no directory could be made below " + parent.string() + ": " + std::strerror(errno));
  return std::unique_ptr<Scratch>{new Scratch{name}};
}

Scratch::~Scratch() {
  std::error_code ignored;
  if (!kept_) std::filesystem::remove_all(path_, ignored);
}

std::string read_text(const std::filesystem::path& file) {
  std::ifstream in{file, std::ios::binary};
  std::ostringstream text;
  text << in.rdbuf();
  return std::move(text).str();
}

bool write_text(const std::filesystem::path& file, std::string_view text) {
  std::ofstream out{file, std::ios::binary | std::ios::trunc};
  out << text << std::flush;
  return out.good();
}

}  // namespace rm::drill
