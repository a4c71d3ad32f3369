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
package io.github.camelrealtime;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.logging.Handler;
import java.util.logging.LogRecord;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import ch.qos.logback.core.AppenderBase;
import org.slf4j.LoggerFactory;

/** Keeps what certain loggers say, at a level of its own, until closed. Those of java.util.logging (OkHttp's) too. */
final class LogCapture implements AutoCloseable {

    private final Queue<String> messages = new ConcurrentLinkedQueue<>();
    private final Map<Logger, Level> before = new HashMap<>();
    private final List<java.util.logging.Logger> javaLoggers = new ArrayList<>();

    private final AppenderBase<ILoggingEvent> appender = new AppenderBase<>() {
        @Override
        protected void append(ILoggingEvent event) {
            add(event.getLoggerName() + " " + event.getFormattedMessage()
                    + (event.getThrowableProxy() == null ? "" : "\n" + ThrowableProxyUtil.asString(event.getThrowableProxy())));
        }
    };

    private final Handler handler = new Handler() {
        @Override
        public void publish(LogRecord record) {
            add(record.getLoggerName() + " " + record.getMessage()
                    + (record.getThrown() == null ? "" : "\n" + record.getThrown()));
        }

        @Override
        public void flush() {
            // nothing is kept back
        }

        @Override
        public void close() {
            // nothing is open
        }
    };

    static LogCapture of(String logger, Level level) {
        return new LogCapture().and(logger, level);
    }

    LogCapture and(String name, Level level) {
        Logger logger = (Logger) LoggerFactory.getLogger(name);
        if (!appender.isStarted()) {
            appender.setContext((LoggerContext) LoggerFactory.getILoggerFactory());
            appender.start();
        }
        before.put(logger, logger.getLevel());
        logger.setLevel(level);
        logger.addAppender(appender);
        return this;
    }

    /** Adds a logger of java.util.logging with all that it says. */
    LogCapture andJava(String name) {
        java.util.logging.Logger logger = java.util.logging.Logger.getLogger(name);
        logger.setLevel(java.util.logging.Level.ALL);
        logger.setUseParentHandlers(false);
        logger.addHandler(handler);
        handler.setLevel(java.util.logging.Level.ALL);
        javaLoggers.add(logger);
        return this;
    }

    private void add(String message) {
        messages.add(message);
    }

    List<String> messages() {
        return List.copyOf(messages);
    }

    @Override
    public void close() {
        before.forEach((logger, level) -> {
            logger.detachAppender(appender);
            logger.setLevel(level);
        });
        for (java.util.logging.Logger logger : javaLoggers) {
            logger.removeHandler(handler);
            logger.setLevel(null);
            logger.setUseParentHandlers(true);
        }
        appender.stop();
    }
}
