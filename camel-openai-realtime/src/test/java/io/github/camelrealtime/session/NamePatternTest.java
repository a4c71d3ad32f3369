/*
 * Licensed under the Apache License, Version 2.0 (the "License");
 * you may not use this file except in compliance with the License.
 * You may obtain a copy of the License at
 *
 *      http://www.apache.org/licenses/LICENSE-2.0
 *
 * Unless required by applicable law or agreed to in writing, software
 * distributed under the License is distributed on an "AS IS" BASIS,
 * WITHOUT WARRANTIES OR CONDITIONS OF ANY KIND, either express or implied.
 * See the License for the specific language governing permissions and
 * limitations under the License.
 */
package io.github.camelrealtime.session;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;

class NamePatternTest {

    @ParameterizedTest
    @CsvSource({
            "*,anything,true", "*,'',true", "**,x,true",
            "call-*,call-1,true", "call-*,call-,true", "call-*,my-call-1,false", "call-*,call,false",
            "*-call,my-call,true", "*-call,my-call-2,false",
            "a*b,ab,true", "a*b,a-x-b,true", "a*b,a,false", "a*b,abc,false", "a*a,a,false",
            "*a*,bab,true", "*a*,bb,false", "a*b*c,aXbYc,true", "a*b*c,acb,false",
            "support,support,true", "support,support2,false", "support,Support,false",
            "name#*,name#1,true", "name#*,name,false",
            // characters that mean something in a regular expression
            "a.c,abc,false", "a.*,a.b,true", "a.*,ab,false", "a+*,a+b,true", "a+*,aab,false",
            "(x)*,(x)y,true", "[a]*,a1,false", "a$*,a$1,true", "\\d*,\\d1,true", "\\d*,1,false", "x\\E*,x\\Ey,true" })
    void matches(String pattern, String name, boolean expected) {
        assertThat(NamePattern.of(pattern).matches(name)).isEqualTo(expected);
    }

    @Test
    void aStarStandsForLineBreaksToo() {
        assertThat(NamePattern.of("a*b").matches("a\nb")).isTrue();
    }

    @Test
    void patternsAreKnownByTheirStar() {
        assertThat(NamePattern.isPattern("call-*")).isTrue();
        assertThat(NamePattern.isPattern("call-1")).isFalse();
        assertThat(NamePattern.of("call-*")).hasToString("call-*");
    }
}
