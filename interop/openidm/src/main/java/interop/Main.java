package interop;

import static org.forgerock.json.JsonValue.json;
import static org.forgerock.json.resource.Router.uriTemplate;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.forgerock.http.Handler;
import org.forgerock.http.HttpApplication;
import org.forgerock.http.io.Buffer;
import org.forgerock.http.servlet.HttpFrameworkServlet;
import org.forgerock.json.JsonValue;
import org.forgerock.json.resource.Connection;
import org.forgerock.json.resource.ConnectionFactory;
import org.forgerock.json.resource.MemoryBackend;
import org.forgerock.json.resource.Requests;
import org.forgerock.json.resource.Resources;
import org.forgerock.json.resource.Router;
import org.forgerock.json.resource.http.CrestHttp;
import org.forgerock.http.routing.RoutingMode;
import org.forgerock.selfservice.core.crypto.CryptoService;
import org.forgerock.selfservice.core.util.Answers;
import org.forgerock.services.context.Context;
import org.forgerock.services.context.RootContext;

/**
 * Serves the stage engine on a free port of loopback, with its accounts in memory. The argument is the folder of
 * processes and accounts. Prints one line of JSON with the variables that a client needs; ends when its input ends.
 */
public final class Main {
    private static final ObjectMapper JSON = new ObjectMapper();

    public static void main(String[] arguments) throws Exception {
        Path folder = Path.of(arguments[0]);
        Router router = new Router();
        ConnectionFactory connections = Resources.newInternalConnectionFactory(router);
        Mailbox mailbox = new Mailbox();
        router.addRoute(uriTemplate("managed/user"), new MemoryBackend());
        router.addRoute(RoutingMode.EQUALS, uriTemplate("external/email"), mailbox);
        Processes processes = new Processes(connections);
        try (var files = Files.newDirectoryStream(folder.resolve("processes"), "*.json")) {
            for (Path file : files) {
                String name = file.getFileName().toString().replace(".json", "");
                router.addRoute(RoutingMode.EQUALS, uriTemplate("selfservice/" + name), processes.service(read(file)));
            }
        }
        for (Object account : JSON.readValue(folder.resolve("accounts.json").toFile(), List.class))
            add(connections, json(account));
        String expired = processes.expiredToken(read(folder.resolve("processes/reset.json")));

        Server server = new Server();
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        ServletContextHandler servlets = new ServletContextHandler("/");
        ServletHolder crest = new ServletHolder(new HttpFrameworkServlet(application(connections)));
        crest.setAsyncSupported(true);
        crest.setInitParameter("routing-base", "servlet_path");
        servlets.addServlet(crest, "/openidm/*");
        servlets.addServlet(new ServletHolder(mailbox.servlet()), "/outbox");
        server.setHandler(servlets);
        server.start();

        Map<String, String> variables = new LinkedHashMap<>();
        variables.put("OPENIDM_ENGINE_URL", "http://127.0.0.1:" + connector.getLocalPort());
        variables.put("OPENIDM_ENGINE_EXPIRED_TOKEN", expired);
        System.out.println(JSON.writeValueAsString(variables));
        while (System.in.read() >= 0) { /* whoever started this is still there */ }
        server.stop();
        System.exit(0);
    }

    private static JsonValue read(Path file) throws java.io.IOException {
        return json(JSON.readValue(file.toFile(), Map.class));
    }

    /** Stores an account; its answers to security questions are hashed as the stage that defines them does. */
    private static void add(ConnectionFactory connections, JsonValue account) throws Exception {
        for (JsonValue kba : account.get("kbaInfo"))
            kba.put("answer", Answers.hashAnswer(new CryptoService(), kba.get("answer")).getObject());
        Context context = new RootContext();
        try (Connection connection = connections.getConnection()) {
            connection.create(
                    context, Requests.newCreateRequest("managed/user", account.get("_id").asString(), account));
        }
    }

    private static HttpApplication application(ConnectionFactory connections) {
        Handler handler = CrestHttp.newHttpHandler(connections);
        return new HttpApplication() {
            @Override
            public Handler start() {
                return handler;
            }

            @Override
            public org.forgerock.util.Factory<Buffer> getBufferFactory() {
                return null;
            }

            @Override
            public void stop() {}
        };
    }

    private Main() {}
}
