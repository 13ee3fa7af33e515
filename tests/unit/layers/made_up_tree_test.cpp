// The check itself: a made-up tree that is sound, and each way to break it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "layer_check.h"
#include "source_text.h"

namespace rm::test {
namespace {

namespace fs = std::filesystem;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct MadeUpTree : ::testing::Test {
  fs::path root;
  MadeUpTree() {
    std::string name = (fs::temp_directory_path() / "layers-XXXXXX").string();
    root = ::mkdtemp(name.data());
    write("src/domain/money.h",
          "#include <cstdint>\n// a double in a comment is a word\ninline const char* text = \"float\";\n");
    write("src/event_bus/bus.h", "#include \"domain/money.h\"\n");
    write("src/book/book.h", "#include \"event_bus/bus.h\"\n");
    write("src/rules/rule.h", "#include \"book/book.h\"\n");
    write("src/risk_engine/engine.h", "#include \"rules/rule.h\"\n");
    write("src/projectx/suite/broker_api.h", "#include \"domain/money.h\"\n");
    write("src/projectx/wire/reader.cpp", "#include <simdjson.h>\n");
    write("src/enforcement/saga.h", "#include \"risk_engine/engine.h\"\n#include \"projectx/suite/broker_api.h\"\n");
    write("src/net/loop_impl.h", "#include <boost/asio/io_context.hpp>\n");
    write("src/net/loop.h", "#include <memory>\n");
    write("src/net/loop.cpp", "#include \"net/loop_impl.h\"\n#include <openssl/ssl.h>\n");
    write("src/runtime/system.cpp", "#include \"net/loop.h\"\n#include \"enforcement/saga.h\"\n#include <thread>\n");
    write("paper_gateway/exchange/core.h",
          "#include \"paper_gateway/exchange/ids.h\"\n#include <boost/asio/io_context.hpp>\n");
  }
  ~MadeUpTree() override { fs::remove_all(root); }
  void write(const std::string& path, const std::string& text) const {
    fs::create_directories((root / path).parent_path());
    std::ofstream{root / path} << text;
  }
  void breaks(const std::string& path, const std::string& text, const std::string& expected) const {
    write(path, text);
    EXPECT_THAT(check_layers(root), Contains(HasSubstr(expected))) << text;
    fs::remove(root / path);
    EXPECT_THAT(check_layers(root), IsEmpty());
  }
};

TEST_F(MadeUpTree, IsSound) {
  EXPECT_THAT(check_layers(root), IsEmpty());
}

TEST_F(MadeUpTree, AnEmptyPlaceIsNoProof) {
  EXPECT_FALSE(check_layers(root / "nowhere").empty());
}

TEST_F(MadeUpTree, AnUpwardDependencyIsFoundWithItsLine) {
  breaks("src/book/bad.h", "\n#include \"rules/rule.h\"\n",
         "src/book/bad.h:2: includes rules/rule.h: book may not depend on rules");
  breaks("src/domain/bad.cpp", "#include \"book/book.h\"\n", "domain may not depend on book");
  breaks("src/enforcement/bad.cpp", "#include \"projectx/wire/reader.h\"\n",
         "enforcement may not depend on projectx");
  breaks("src/projectx/bad.cpp", "  #  include \"event_bus/bus.h\"\n", "projectx may not depend on event_bus");
}

TEST_F(MadeUpTree, NothingDependsOnTheWiringNorOnTheGateway) {
  breaks("src/store/bad.cpp", "#include \"runtime/system.h\"\n", "nothing depends on the wiring");
  breaks("src/runtime/bad.cpp", "#include \"paper_gateway/exchange/core.h\"\n", "shares nothing");
  breaks("paper_gateway/bad.cpp", "#include \"domain/money.h\"\n", "shares nothing");
}

TEST_F(MadeUpTree, LibrariesStayWhereTheyBelong) {
  breaks("src/rules/bad.cpp", "#include <fmt/format.h>\n", "not the standard library");
  breaks("src/projectx/rest/bad.cpp", "#include <simdjson.h>\n", "not the standard library");
  breaks("src/projectx/wire/bad.h", "#include <simdjson.h>\n", "not the standard library");
  breaks("src/runtime/bad.cpp", "#include <boost/asio/post.hpp>\n", "for src/net alone");
  breaks("src/store/bad.h", "#include <SQLiteCpp/SQLiteCpp.h>\n", "not in a header");
  breaks("src/runtime/bad.cpp", "#include \"net/loop_impl.h\"\n", "internal to net");
}

TEST_F(MadeUpTree, WhatDecidesIsPure) {
  for (const char* header : {"thread", "mutex", "fstream", "iostream", "random"}) {
    breaks("src/book/bad.cpp", std::string{"#include <"} + header + ">\n", "not pure");
  }
  breaks("src/risk_engine/bad.cpp", "auto t = std::chrono::steady_clock::now();\n", "says 'steady_clock'");
  breaks("src/rules/bad.cpp", "int a;\ndouble price;\n", "src/rules/bad.cpp:2: says 'double'");
  breaks("src/domain/bad.h", "/* fine: double */ float x = 1'000'000;\n", "says 'float'");
}

TEST(SourceText, WordsStandAlone) {
  EXPECT_TRUE(has_word("  double x;", "double"));
  EXPECT_FALSE(has_word("  doubled x; redouble", "double"));
  EXPECT_TRUE(has_word("doubled, double", "double"));
}

}  // namespace
}  // namespace rm::test
