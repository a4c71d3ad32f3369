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
package io.github.camelrealtime.docs;

import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.io.StringWriter;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

import org.apache.camel.builder.RouteBuilder;

/** Compiles the Java snippets of the guide, all at once, in memory. */
public final class SnippetCompiler extends ClassLoader {

    private static final String IMPORTS = """
            import java.lang.ProcessBuilder.Redirect;
            import java.util.*;
            import io.github.camelrealtime.*;
            import io.github.camelrealtime.docs.DocumentedRoutes;
            import io.github.camelrealtime.net.RealtimeCredentials;
            import io.github.camelrealtime.session.*;
            import io.github.camelrealtime.simulator.RealtimeSimulatorExtension;
            import org.apache.camel.*;
            import org.apache.camel.builder.RouteBuilder;
            import org.apache.camel.test.junit5.CamelTestSupport;
            import org.junit.jupiter.api.Test;
            import org.junit.jupiter.api.extension.RegisterExtension;
            import static org.assertj.core.api.Assertions.assertThat;
            """;

    private final Map<String, ByteArrayOutputStream> classes = new HashMap<>();

    /** @throws IllegalArgumentException with what the compiler says, if one does not compile */
    public SnippetCompiler(List<Snippet> snippets) {
        super(SnippetCompiler.class.getClassLoader());
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        StandardJavaFileManager standard = compiler.getStandardFileManager(null, null, null);
        StringWriter said = new StringWriter();
        boolean compiled = compiler.getTask(said, new InMemory(standard), null, List.of("-classpath", classPath(),
                "-proc:none"), null,
                snippets.stream().map(Source::new).toList()).call();
        if (!compiled) {
            throw new IllegalArgumentException(said.toString());
        }
    }

    /** Surefire's own class path is a jar that names the others. */
    private static String classPath() {
        return System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    }

    /** Whether the snippet is members of a test class, not statements of a route builder. */
    public static boolean isTestClass(Snippet snippet) {
        return snippet.text().startsWith("@");
    }

    /** The routes of a snippet. */
    public RouteBuilder routes(Snippet snippet) throws ReflectiveOperationException {
        return (RouteBuilder) loadClass(name(snippet)).getConstructor().newInstance();
    }

    private static String name(Snippet snippet) {
        return "Snippet_" + snippet.page().replaceAll("\\W", "_") + "_" + snippet.line();
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        ByteArrayOutputStream bytes = classes.get(name);
        if (bytes == null) {
            throw new ClassNotFoundException(name);
        }
        return defineClass(name, bytes.toByteArray(), 0, bytes.size());
    }

    private static final class Source extends SimpleJavaFileObject {

        private final Snippet snippet;

        Source(Snippet snippet) {
            super(URI.create("memory:///" + name(snippet) + Kind.SOURCE.extension), Kind.SOURCE);
            this.snippet = snippet;
        }

        @Override
        public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return IMPORTS + "public class " + name(snippet) + (isTestClass(snippet)
                    ? " extends CamelTestSupport {\n" + snippet.text()
                    : " extends DocumentedRoutes {\npublic void configure() throws Exception {\n"
                      + "CamelContext camelContext = getCamelContext();\n" + snippet.text() + "}\n") + "}\n";
        }
    }

    private final class InMemory extends ForwardingJavaFileManager<JavaFileManager> {

        InMemory(JavaFileManager files) {
            super(files);
        }

        @Override
        public JavaFileObject getJavaFileForOutput(
                Location location, String className, JavaFileObject.Kind kind, FileObject sibling) {
            return new SimpleJavaFileObject(URI.create("memory:///" + className), kind) {
                @Override
                public OutputStream openOutputStream() {
                    return classes.computeIfAbsent(className, name -> new ByteArrayOutputStream());
                }
            };
        }
    }
}
