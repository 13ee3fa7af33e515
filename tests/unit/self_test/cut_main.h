#pragma once
// What the self-test is to say of the cut that this program is linked with; made from the patch.

namespace rm::test {

extern const char* const kCutLink;
extern const char* const kCutRule;

}  // namespace rm::test
