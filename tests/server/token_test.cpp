#include "server/token.h"

#include <gtest/gtest.h>

#include "neurone/core/error.h"
#include "tests/data/temporary_folder.h"
#include "tests/support/message_of.h"

namespace neurone::server {
namespace {

TEST(Token, is_shown_by_its_own_text_alone) {
  const Token token("s3cret");
  for (const char* right : {"Bearer s3cret", "bearer s3cret", "BEARER  s3cret "}) EXPECT_TRUE(token.shown_by(right));
  for (const char* wrong : {"", "Bearer", "Bearer ", "s3cret", "Basic s3cret", "Bearer s3cre", "Bearer s3crets",
                            "Bearer s3creT", "Bearer s3crets3cret"})
    EXPECT_FALSE(token.shown_by(wrong)) << wrong;
}

TEST(Token, is_the_first_line_of_its_file) {
  const TemporaryFolder folder;
  EXPECT_TRUE(Token::from_file(folder.write("a", " abc \nmore\n")).shown_by("Bearer abc"));
  EXPECT_EQ(message_of<Error>([&] { Token::from_file(folder.write("b", "\nabc\n")); }),
            folder.path("b") + ": no token on its first line");
  EXPECT_THROW(Token::from_file(folder.path("nothing")), Error);
}

}  // namespace
}  // namespace neurone::server
